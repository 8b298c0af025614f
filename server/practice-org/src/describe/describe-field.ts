// One field in the full shape of an org's describe (docs/sources.md#describe), filled in from its compact description.
import { type FieldDef, isCustom, labelOf, type ObjectDef, picklistOf } from '../schema/catalog.ts'
import { permissionable, type UserRights } from '../rights/rights.ts'

type Json = Record<string, unknown>

const SOAP_TYPES: Partial<Record<FieldDef['type'], string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
  anyType: 'xsd:anyType',
  base64: 'xsd:base64Binary',
}

function lengthOf(field: FieldDef): number {
  if (field.type === 'id' || field.type === 'reference') return 18
  if (SOAP_TYPES[field.type] && field.type !== 'anyType') return 0
  return field.length ?? 255
}

/** Which values of a picklist may be chosen under each value of another field, by rules given from outside. */
export interface Dependency {
  object: string
  field: string
  controlledBy: string
  allowed: Record<string, string[]>
}

/** One field as describe tells it to this user. */
export function describeField(
  object: ObjectDef,
  field: FieldDef,
  rights: UserRights,
  dependencies: readonly Dependency[],
): Json {
  const controller = controllerOf(object, field, dependencies)
  const length = lengthOf(field)
  const typeInfo = extraTypeInfo(object, field)
  const custom = isCustom(field)
  const sortable = field.filterable && field.type !== 'address' && field.type !== 'multipicklist'
  const editable = rights.editable(object, field)
  return {
    aggregatable: sortable && field.type !== 'boolean',
    aiPredictionField: false,
    autoNumber: field.autoNumber !== undefined,
    byteLength: SOAP_TYPES[field.type] === undefined || length === 18 ? length * (length === 18 ? 1 : 3) : 0,
    calculated: field.formula !== undefined,
    calculatedFormula: field.formula ?? null,
    // Told of a custom master alone; of a standard one the child relationship says it.
    cascadeDelete: custom && field.onDelete === 'cascade',
    caseSensitive: field.caseSensitive,
    compoundFieldName: field.compound ?? (typeInfo === 'switchablepersonname' ? field.name : null),
    controllerName: controller?.field.name ?? null,
    createable: field.createable && editable,
    custom,
    defaultValue: field.default ?? null,
    defaultValueFormula: null,
    defaultedOnCreate:
      field.defaultedOnCreate || field.default !== undefined || picklistOf(field).some((entry) => entry.default),
    dependentPicklist: controller !== undefined,
    deprecatedAndHidden: false,
    digits: field.digits ?? 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: typeInfo,
    // A compound address stands in a filter as the argument of DISTANCE.
    filterable: field.filterable || field.type === 'address',
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: sortable && !['currency', 'double', 'percent', 'datetime'].includes(field.type),
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.idLookup,
    inlineHelpText: null,
    label: labelOf(field),
    length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField,
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: permissionable(object, field),
    picklistValues: picklistOf(field).map((entry) => ({
      active: true,
      defaultValue: entry.default,
      label: entry.label,
      validFor: controller ? bitmap(controller, entry.value) : null,
      value: entry.value,
    })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision ?? 0,
    queryByDistance: field.type === 'address',
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName ?? null,
    relationshipOrder: null,
    restrictedDelete: field.onDelete === 'restrict',
    restrictedPicklist: field.restricted,
    scale: field.scale ?? 0,
    // Searches are narrowed by the lookups that have permissions of their own.
    searchPrefilterable: field.type === 'reference' && permissionable(object, field),
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable && editable,
    writeRequiresMasterRead: false,
  }
}

interface Controller {
  field: FieldDef
  /** The dependent values allowed under each controlling value, in the order of these. */
  allowed: (value: string) => boolean[]
}

function controllerOf(object: ObjectDef, field: FieldDef, dependencies: readonly Dependency[]): Controller | undefined {
  const rule = dependencies.find((one) => one.object === object.name && one.field === field.name)
  const found = object.byName.get((rule?.controlledBy ?? field.controlledBy ?? '').toLowerCase())
  if (!found) return undefined
  // A check box controls as a picklist of two: unticked, ticked.
  const values = found.type === 'boolean' ? CHECK_BOX : picklistOf(found).map(({ value }) => [value])
  const among = (names: readonly string[]): boolean[] =>
    values.map((spelled) => spelled.some((one) => names.includes(one)))
  if (rule) {
    const under = Object.entries(rule.allowed)
    return {
      field: found,
      allowed: (value) => among(under.filter(([, all]) => all.includes(value)).map(([name]) => name)),
    }
  }
  const entries = new Map(
    (field.picklist ?? []).flatMap((entry) => (typeof entry === 'string' ? [] : [[entry.value, entry.validFor]])),
  )
  const allowed = (value: string): boolean[] => {
    const validFor = entries.get(value)
    return validFor ? among(validFor) : values.map(() => true)
  }
  return { field: found, allowed }
}

/** The two values of a check box, as rules may spell them. */
const CHECK_BOX = [
  ['false', '0'],
  ['true', '1'],
]

/** One bit for each controlling value, the first in the highest bit of the first byte, in base64 without padding. */
function bitmap({ allowed }: Controller, value: string): string {
  const bits = allowed(value)
  const bytes = Buffer.alloc(Math.max(1, Math.ceil(bits.length / 24)) * 3)
  bits.forEach((isValid, i) => {
    if (isValid) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (0x80 >> (i & 7))
  })
  return bytes.toString('base64')
}

function extraTypeInfo(object: ObjectDef, field: FieldDef): string | null {
  if (field.type === 'textarea') return 'plaintextarea'
  if (field.nameField && object.fields.some((each) => each.compound === field.name)) {
    return object.name === 'Account' ? 'switchablepersonname' : 'personname'
  }
  return field.name.endsWith('PhotoUrl') ? 'imageurl' : null
}
