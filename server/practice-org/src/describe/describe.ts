// Describes in the full shape of an org (docs/sources.md#describe), filled in from the compact object files.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import { describeField, type Dependency } from './describe-field.ts'
import { NEVER_DELETED } from '../write/delete.ts'
import { remembersViews } from '../query/terms/recently-viewed.ts'
import type { UserRights } from '../rights/rights.ts'
import type { Store } from '../store/store.ts'
import type { Stored } from '../store/row.ts'

type Json = Record<string, unknown>

/** What `GET /sobjects` lists for one object. */
export function summary(object: ObjectDef, rights: UserRights, version: string): Json {
  const access = rights.object(object)
  // Rows that an org writes about a record, or beside it, have no pages, no feed and no triggers.
  const crm = object.access === 'crud' && associated(object).associateEntityType === null
  const layoutable = object.told.layoutable ?? crm
  const base = `/services/data/v${version}/sobjects/${object.name}`
  return {
    activateable: false,
    ...associated(object),
    createable: access.create && !object.readOnly,
    custom: object.name.endsWith('__c'),
    customSetting: false,
    deepCloneable: false,
    deletable: access.delete && !object.readOnly && !NEVER_DELETED.has(object.name),
    deprecatedAndHidden: false,
    feedEnabled: crm,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable,
    mergeable: object.mergeable,
    mruEnabled: remembersViews(object),
    name: object.name,
    queryable: object.activities === undefined,
    replicateable: object.hasIsDeleted,
    retrieveable: !object.virtual,
    searchable: object.searchable,
    triggerable: crm,
    undeletable: object.undeletable,
    updateable: access.edit && !object.readOnly,
    ...object.told,
    urls: urlsOf(object, base, layoutable),
  }
}

/** Where an object's resources are; those of pages begin with a slash and belong behind the org's own address. */
function urlsOf(object: ObjectDef, base: string, hasPages: boolean): Record<string, string> {
  const own = { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` }
  if (!hasPages) return own
  return {
    ...own,
    approvalLayouts: `${base}/describe/approvalLayouts`,
    compactLayouts: `${base}/describe/compactLayouts`,
    defaultValues: `${base}/defaultValues?recordTypeId&fields`,
    layouts: `${base}/describe/layouts`,
    listviews: `${base}/listviews`,
    quickActions: `${base}/quickActions`,
    uiDetailTemplate: '/{ID}',
    uiEditTemplate: '/{ID}/e',
    uiNewRecord: `/${object.keyPrefix ?? ''}/e`,
  }
}

/** Histories and shares say whose they are: the object they refer to. */
function associated(object: ObjectDef): { associateEntityType: string | null; associateParentEntity: string | null } {
  const kind = /^(\w+?)(FieldHistory|History|Share)$/.exec(object.name)
  // `Region__Share` is of `Region__c`.
  const parent = kind?.[1]?.replace(/__$/, '__c') ?? ''
  const isOf = object.fields.some((field) => field.referenceTo.includes(parent))
  if (!kind || !isOf || object.name.endsWith('__c')) return { associateEntityType: null, associateParentEntity: null }
  return { associateEntityType: kind[2] === 'Share' ? 'Share' : 'History', associateParentEntity: parent }
}

/** The full describe of an object as this user sees it: fields he may not read are absent. */
export function describeObject(
  catalog: Catalog,
  store: Store,
  object: ObjectDef,
  rights: UserRights,
  version: string,
  dependencies: readonly Dependency[] = [],
  usable?: UsableTypes,
): Json {
  const childRelationships = catalog
    .lists(object.name)
    // Losers of a merge are no children of their winner.
    .filter(({ field }) => field.name !== 'MasterRecordId')
    .filter(({ child, field }) => rights.object(child).read && rights.readable(child, field))
    .sort((a, b) => (`${a.child.name} ${a.field.name}` < `${b.child.name} ${b.field.name}` ? -1 : 1))
    .map(({ child, field, name }) => ({
      // The lists of activities are those of tasks and events, which go with what they are about.
      cascadeDelete: field.onDelete === 'cascade' || child.activities !== undefined,
      childSObject: child.name,
      deprecatedAndHidden: false,
      field: field.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: name ?? null,
      restrictedDelete: field.onDelete === 'restrict' || field.forbidsDeleteWhen !== undefined,
    }))
  return inOrder({
    ...summary(object, rights, version),
    actionOverrides: [],
    childRelationships,
    compactLayoutable: true,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: object.fields
      .filter((field) => rights.readable(object, field))
      .map((field) => describeField(object, field, rights, dependencies)),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: recordTypes(store, object, version, usable),
    searchLayoutable: true,
    sobjectDescribeOption: 'FULL',
    supportedScopes: scopesOf(object),
  })
}

/** An org tells the parts of a description by the letters of their names. */
const inOrder = (description: Json): Json =>
  Object.fromEntries(Object.entries(description).sort(([a], [b]) => (a < b ? -1 : 1)))

/** What USING SCOPE takes. */
function scopesOf(object: ObjectDef): { label: string; name: string }[] {
  const many = object.labelPlural.toLowerCase()
  const all = [{ label: `All ${many}`, name: 'everything' }]
  if (!object.byName.has('ownerid')) return all
  const mine = [
    { label: `My ${many}`, name: 'mine' },
    { label: `Queue owned ${many}`, name: 'mine_and_my_groups' },
  ]
  const team = object.name === 'Account' ? [{ label: "My team's accounts", name: 'team' }] : []
  return [...all, ...mine, ...team]
}

/** The record type of objects that have none, and of records without one. */
export const MASTER = '012000000000000AAA'

/** Developer names of the record types somebody may use, and of his default; without it he may use all, and none is his. */
export interface UsableTypes {
  available: readonly string[]
  default?: string | undefined
}

/** The record types of an object, its own before the master; records are made without one unless it is given or a default. */
function recordTypes(store: Store, object: ObjectDef, version: string, usable?: UsableTypes): Json[] {
  const sql = 'SELECT "Id", "Name", "DeveloperName", "IsActive" FROM "RecordType" WHERE "SobjectType" = ? ORDER BY _n'
  const own = store.select(sql, [object.name])
  const info = ([id, name, developerName, active]: (Stored | undefined)[], isDefault: boolean): Json => ({
    active: active === 1,
    available: active === 1 && (id === MASTER || !usable || usable.available.includes(String(developerName))),
    defaultRecordTypeMapping: isDefault,
    developerName,
    master: id === MASTER,
    name,
    recordTypeId: id,
    urls: { layout: `/services/data/v${version}/sobjects/${object.name}/describe/layouts/${String(id)}` },
  })
  const chosen = own.some(([, , name, active]) => active === 1 && name === usable?.default)
  const all = own.map((row) => info(row, row[3] === 1 && row[2] === usable?.default))
  return [...all, info([MASTER, 'Master', 'Master', 1], !chosen)]
}
