import type { PlatformEventDef, PlatformEventField } from './event-catalog.ts'

type Json = Record<string, unknown>

/** An event: of the org's own making, or that of an object's changes, whose fields are told elsewhere. */
type Described = Pick<PlatformEventDef, 'name' | 'label' | 'labelPlural'> & {
  keyPrefix: string | null
  fields?: PlatformEventField[]
}

/** What `GET /sobjects` lists for a platform event. */
export function eventSummary(event: Described, version: string, createable: boolean): Json {
  const base = `/services/data/v${version}/sobjects/${event.name}`
  const no = ['activateable', 'customSetting', 'deepCloneable', 'deletable', 'deprecatedAndHidden', 'feedEnabled']
  const neither = ['hasSubtypes', 'isInterface', 'isSubtype', 'layoutable', 'mergeable', 'mruEnabled', 'queryable']
  const nor = ['replicateable', 'retrieveable', 'searchable', 'undeletable', 'updateable']
  return {
    ...Object.fromEntries([...no, ...neither, ...nor].map((name) => [name, false])),
    associateEntityType: null,
    associateParentEntity: null,
    createable,
    custom: true,
    keyPrefix: event.keyPrefix,
    label: event.label,
    labelPlural: event.labelPlural,
    name: event.name,
    triggerable: true,
    urls: {
      sobject: base,
      describe: `${base}/describe`,
      rowTemplate: `${base}/{ID}`,
      eventSchema: `${base}/eventSchema`,
    },
  }
}

/** The full describe of a platform event, with the fields every event has before its own. */
export function describeEvent(event: Described, version: string, createable: boolean): Json {
  const system: EventDescribeField[] = [
    { name: 'ReplayId', label: 'Replay ID', type: 'string', length: 1000, custom: false, createable: false },
    { name: 'CreatedDate', label: 'Created Date', type: 'datetime', custom: false, createable: false, required: true },
    {
      name: 'CreatedById',
      label: 'Created By ID',
      type: 'reference',
      custom: false,
      createable: false,
      required: true,
    },
    { name: 'EventUuid', label: 'Event UUID', type: 'string', length: 36, custom: false, createable: false },
  ]
  const own = (event.fields ?? []).map((field) => ({ ...field, custom: true, createable }))
  return {
    ...eventSummary(event, version, createable),
    actionOverrides: [],
    childRelationships: [],
    compactLayoutable: false,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: [...system, ...own].map(describeField),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [],
    searchLayoutable: false,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [],
  }
}

interface EventDescribeField {
  name: string
  label: string
  type: PlatformEventField['type'] | 'reference' | 'id' | 'complexvalue'
  length?: number | undefined
  required?: boolean
  custom: boolean
  createable: boolean
}

const SOAP_TYPES: Record<EventDescribeField['type'], string> = {
  string: 'xsd:string',
  textarea: 'xsd:string',
  reference: 'tns:ID',
  id: 'tns:ID',
  complexvalue: 'urn:ChangeEventHeader',
  double: 'xsd:double',
  boolean: 'xsd:boolean',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
}

const NEVER = [
  ...['aggregatable', 'aiPredictionField', 'autoNumber', 'calculated', 'cascadeDelete', 'caseSensitive'],
  ...['dependentPicklist', 'deprecatedAndHidden', 'displayLocationInDecimal', 'encrypted', 'externalId', 'filterable'],
  ...['formulaTreatNullNumberAsZero', 'groupable', 'highScaleNumber', 'htmlFormatted', 'idLookup', 'nameField'],
  ...['namePointing', 'permissionable', 'polymorphicForeignKey', 'queryByDistance', 'restrictedDelete'],
  ...['restrictedPicklist', 'searchPrefilterable', 'sortable', 'unique', 'updateable', 'writeRequiresMasterRead'],
]
const NOTHING = [
  ...['calculatedFormula', 'compoundFieldName', 'controllerName', 'defaultValue', 'defaultValueFormula'],
  ...['extraTypeInfo', 'filteredLookupInfo', 'inlineHelpText', 'mask', 'maskType', 'referenceTargetField'],
  ...['relationshipName', 'relationshipOrder'],
]

export function describeField(field: EventDescribeField): Json {
  const isId = field.type === 'reference' || field.type === 'id'
  const length = isId ? 18 : (field.length ?? 0)
  return {
    ...Object.fromEntries(NEVER.map((name) => [name, false])),
    ...Object.fromEntries(NOTHING.map((name) => [name, null])),
    byteLength: isId ? 18 : length * 3,
    createable: field.createable,
    custom: field.custom,
    defaultedOnCreate: false,
    digits: 0,
    label: field.label,
    length,
    name: field.name,
    nillable: !field.required,
    picklistValues: [],
    precision: field.type === 'double' ? 18 : 0,
    referenceTo: field.type === 'reference' ? ['User'] : [],
    scale: 0,
    soapType: SOAP_TYPES[field.type],
    type: field.type,
  }
}
