// Describes in the full shape of an org (salesforce-facts 1.5), filled in from the compact object files.
import { type Catalog, type FieldDef, labelOf, type ObjectDef, picklistOf } from './catalog.ts'
import { permissionable, type UserRights } from './rights.ts'
import type { Store } from './store.ts'

type Json = Record<string, unknown>

/** What `GET /sobjects` lists for one object. */
export function summary(object: ObjectDef, rights: UserRights, version: string): Json {
  const access = rights.object(object)
  const crm = object.access === 'crud'
  const base = `/services/data/v${version}/sobjects/${object.name}`
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: access.create && !object.readOnly,
    custom: object.name.endsWith('__c'),
    customSetting: false,
    deepCloneable: false,
    deletable: access.delete && !object.readOnly,
    deprecatedAndHidden: false,
    feedEnabled: crm,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: crm,
    mergeable: object.mergeable,
    mruEnabled: crm,
    name: object.name,
    queryable: true,
    replicateable: object.hasIsDeleted,
    retrieveable: !object.virtual,
    searchable: object.searchable,
    triggerable: crm,
    undeletable: object.undeletable,
    updateable: access.edit && !object.readOnly,
    urls: {
      sobject: base,
      describe: `${base}/describe`,
      rowTemplate: `${base}/{ID}`,
      layouts: `${base}/describe/layouts`,
    },
  }
}

/** The full describe of an object as this user sees it: fields he may not read are absent. */
export function describeObject(
  catalog: Catalog,
  store: Store,
  object: ObjectDef,
  rights: UserRights,
  version: string,
): Json {
  const childRelationships = catalog
    .children(object.name)
    .filter(({ child, field }) => rights.object(child).read && rights.readable(child, field))
    .map(({ child, field, name }) => ({
      cascadeDelete: field.onDelete === 'cascade',
      childSObject: child.name,
      deprecatedAndHidden: false,
      field: field.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: name ?? null,
      restrictedDelete: field.onDelete === 'restrict',
    }))
  return {
    ...summary(object, rights, version),
    actionOverrides: [],
    childRelationships,
    compactLayoutable: true,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: object.fields
      .filter((field) => rights.readable(object, field))
      .map((field) => describeField(object, field, rights)),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: recordTypes(store, object),
    searchLayoutable: true,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [
      { label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' },
      { label: `My ${object.labelPlural.toLowerCase()}`, name: 'mine' },
    ],
  }
}

const MASTER = '012000000000000AAA'

function recordTypes(store: Store, object: ObjectDef): Json[] {
  const sql =
    'SELECT "Id", "Name", "DeveloperName" FROM "RecordType" WHERE "SobjectType" = ? AND "IsActive" = 1 ORDER BY _n'
  const info = (id: unknown, name: unknown, developerName: unknown, master: boolean): Json => ({
    active: true,
    available: true,
    defaultRecordTypeMapping: master,
    developerName,
    master,
    name,
    recordTypeId: id,
    urls: {},
  })
  const own = store.select(sql, [object.name]).map(([id, name, developerName]) => info(id, name, developerName, false))
  return [...own, info(MASTER, 'Master', 'Master', true)]
}

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
}

function lengthOf(field: FieldDef): number {
  if (field.type === 'id' || field.type === 'reference') return 18
  if (SOAP_TYPES[field.type] && field.type !== 'anyType') return 0
  return field.length ?? 255
}

function describeField(object: ObjectDef, field: FieldDef, rights: UserRights): Json {
  const length = lengthOf(field)
  const custom = field.name.endsWith('__c')
  const sortable = field.filterable && field.type !== 'address' && field.type !== 'multipicklist'
  const editable = rights.editable(object, field)
  return {
    aggregatable: sortable && field.type !== 'boolean',
    aiPredictionField: false,
    autoNumber: field.autoNumber !== undefined,
    byteLength: SOAP_TYPES[field.type] === undefined || length === 18 ? length * (length === 18 ? 1 : 3) : 0,
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: field.onDelete === 'cascade',
    caseSensitive: field.caseSensitive,
    compoundFieldName: field.compound ?? null,
    controllerName: null,
    createable: field.createable && editable,
    custom,
    defaultValue: field.default ?? null,
    defaultValueFormula: null,
    defaultedOnCreate:
      field.defaultedOnCreate || field.default !== undefined || picklistOf(field).some((entry) => entry.default),
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.digits ?? 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: field.type === 'textarea' && length <= 255 ? 'plaintextarea' : null,
    filterable: field.filterable,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: sortable && !['currency', 'double', 'percent', 'datetime', 'textarea'].includes(field.type),
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
      validFor: null,
      value: entry.value,
    })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision ?? 0,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName ?? null,
    relationshipOrder: null,
    restrictedDelete: field.onDelete === 'restrict',
    restrictedPicklist: field.restricted,
    scale: field.scale ?? 0,
    searchPrefilterable: field.type === 'reference',
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable && editable,
    writeRequiresMasterRead: false,
  }
}
