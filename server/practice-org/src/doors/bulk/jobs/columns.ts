import type { Caller, Org } from '../../../org/org.ts'
import type { Value } from '../../../org/values.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { describedFields, rowsByField, type DescribedField } from '../../../wire/rows/row.ts'

/** The whole job or batch cannot be run; the message is what its status says. */
export class BadBatch extends Error {}

/** Where a value of an upload goes: a field, or a lookup that is found by another field of its parent. */
export type Column =
  | { kind: 'field'; field: string; type: string }
  | { kind: 'parent'; lookup: string; target: string; key: string; type: string }

interface Place {
  org: Org
  caller: Caller
  object: string
}

/** Resolves the names of an upload, each once: `Name`, `Owner.Username`, and `User:Owner.Username` where a lookup has several targets. */
export class Columns {
  private readonly place: Place
  private readonly fields: Map<string, DescribedField>
  private readonly known = new Map<string, Column>()

  constructor(place: Place) {
    this.place = place
    this.fields = byName(describedFields(place.org, place.caller, place.object))
  }

  /** Throws BadBatch for a name that is none of the object's, or that the caller may not see. */
  of(path: string): Column {
    const known = this.known.get(path)
    if (known) return known
    const column = this.resolve(path)
    this.known.set(path, column)
    return column
  }

  private resolve(path: string): Column {
    const [, target, relation = '', key] = /^(?:([^:.]+):)?([^.]*)(?:\.(.*))?$/s.exec(path) ?? []
    if (key !== undefined) return this.parent(path, target, relation, key)
    const field = target === undefined ? this.fields.get(relation.toLowerCase()) : undefined
    if (!field) throw notFound(path)
    return { kind: 'field', field: field.name, type: field.type }
  }

  private parent(path: string, named: string | undefined, relation: string, key: string): Column {
    const isIt = ({ relationshipName }: DescribedField) => relationshipName?.toLowerCase() === relation.toLowerCase()
    const lookup = [...this.fields.values()].find(isIt)
    const targets = lookup?.referenceTo ?? []
    const wanted = named === undefined ? targets : targets.filter((one) => one.toLowerCase() === named.toLowerCase())
    const [target] = wanted
    if (!lookup || !target || wanted.length > 1) throw notFound(path)
    const { org, caller } = this.place
    const field = byName(describedFields(org, caller, target)).get(key.toLowerCase())
    if (!field) throw notFound(path)
    if (!isKey(field)) throw new BadBatch(`InvalidBatch : ${noKey(key, target)}`)
    return { kind: 'parent', lookup: lookup.name, target, key: field.name, type: lookup.type }
  }
}

const byName = (fields: DescribedField[]): Map<string, DescribedField> =>
  new Map(fields.map((field) => [field.name.toLowerCase(), field]))

const notFound = (path: string): BadBatch => new BadBatch(`InvalidBatch : Field name not found : ${path}`)

const isKey = (field: DescribedField): boolean => field.externalId || field.idLookup || field.name === 'Id'

const noKey = (name: string, object: string): string =>
  `Field name provided, ${name} does not match an External ID, Salesforce Id, or indexed field for ${object}`

/** Why rows cannot be found by this field; undefined when they can. */
export function keyComplaint({ org, caller, object }: Place, name: string): string | undefined {
  const field = byName(describedFields(org, caller, object)).get(name.toLowerCase())
  return field && isKey(field) ? undefined : noKey(name, object)
}

/** The id of the parent whose key has this value. Throws OrgError INVALID_FIELD when there is none. */
export function parentId({ org, caller }: Place, column: Column & { kind: 'parent' }, value: string): string {
  const [first] = rowsByField(org, caller, column.target, column.key, value)
  if (first) return first
  throw refusal.badInput(
    `Foreign key external ID: ${value} not found for field ${column.key} in entity ${column.target}`,
    'INVALID_FIELD',
  )
}

const NUMBERS = new Set(['int', 'double', 'currency', 'percent', 'long'])

/** Text as the write path takes it; text that is no value of the type stays text, which is then refused there. */
export function typed(text: string, type: string): Value {
  if (type === 'boolean' && /^(true|1|yes|y|on)$/i.test(text)) return true
  if (type === 'boolean' && /^(false|0|no|n|off)$/i.test(text)) return false
  return NUMBERS.has(type) && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}
