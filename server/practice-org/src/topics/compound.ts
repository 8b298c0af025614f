/** A field of an object as the org lists it for its change events. */
export interface EventField {
  name: string
  type: string
}

/** A field of the schema: plain, or a record of parts such as an address. */
export interface SchemaField {
  name: string
  type: string
  parts?: EventField[]
  /** It is plain text where no part has a value: the name of an account, of a company or of a person. */
  isSwitchable?: boolean
}

const PERSON_PARTS = ['Salutation', 'FirstName', 'LastName']
const SWITCHABLE = 'Switchable_PersonName'
const ADDRESS_PARTS = [
  'Street',
  'City',
  'State',
  'PostalCode',
  'Country',
  'StateCode',
  'CountryCode',
  'Latitude',
  'Longitude',
  'GeocodeAccuracy',
]

/**
 * Groups the flat fields of an object as an org's event schemas do: a person's name and each address become one
 * field with parts, in the place of their first member.
 */
export function compoundsOf(fields: EventField[]): SchemaField[] {
  const names = new Set(fields.map((field) => field.name))
  const groups = [personName(names), ...addresses(names)].filter((group) => group !== undefined)
  const done = new Set<string>()
  return fields.flatMap((field): SchemaField[] => {
    const group = groups.find((one) => one.name === field.name || one.members.has(field.name))
    if (!group) return [field]
    if (done.has(group.name)) return []
    done.add(group.name)
    const isSwitchable = group.type === SWITCHABLE
    const parts = partsOf(group, fields)
    return [{ name: group.name, type: group.type, parts, ...(isSwitchable ? { isSwitchable } : {}) }]
  })
}

interface Group {
  name: string
  type: string
  /** Flat field name → part name. */
  members: Map<string, string>
}

function partsOf(group: Group, fields: EventField[]): EventField[] {
  return [...group.members].flatMap(([flat, part]) => {
    const field = fields.find((one) => one.name === flat)
    return field ? [{ name: part, type: field.type }] : []
  })
}

/** Leads, contacts and users have one; an account's name is that of a company, plain text, or of a person. */
function personName(names: Set<string>): Group | undefined {
  if (!names.has('LastName') || !names.has('FirstName')) return undefined
  const members = PERSON_PARTS.filter((part) => names.has(part)).map((part) => [part, part] as const)
  const type = names.has('PersonEmail') ? SWITCHABLE : 'PersonName'
  return { name: 'Name', type, members: new Map(members) }
}

function addresses(names: Set<string>): Group[] {
  const prefixes = [...names].filter((name) => name.endsWith('City')).map((name) => name.slice(0, -'City'.length))
  return prefixes
    .filter((prefix) => names.has(`${prefix}Street`))
    .map((prefix) => {
      const parts = ADDRESS_PARTS.filter((part) => names.has(prefix + part))
      return { name: `${prefix}Address`, type: 'Address', members: new Map(parts.map((part) => [prefix + part, part])) }
    })
}

/** Where a flat field lives in a schema: its index, and the index of the part when it is one. */
export function locate(fields: SchemaField[], flat: string): { index: number; part?: number } | undefined {
  for (const [index, field] of fields.entries()) {
    if (!field.parts) {
      if (field.name === flat) return { index }
      continue
    }
    const part = field.parts.findIndex((one) => flatName(field, one.name) === flat)
    if (part >= 0) return { index, part }
    if (field.isSwitchable && field.name === flat) return { index }
  }
  return undefined
}

/** Name of the flat field behind a part: `BillingAddress`/`City` → `BillingCity`. */
export function flatName(field: SchemaField, part: string): string {
  return field.type === 'Address' ? field.name.slice(0, -'Address'.length) + part : part
}
