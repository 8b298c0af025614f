// The page layouts of an object, as far as an org without any of its own has them: one of two columns, drawn from the fields.

import { refusal } from '../http/errors.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

/** The id an org gives the record type of objects that have none. */
const MASTER = '012000000000000AAA'
const COLUMNS = 2
/** A compact layout shows as many fields at most. */
const COMPACT_FIELDS = 4

export interface FieldDescribe {
  name: string
  label: string
  type: string
  nameField: boolean
  createable: boolean
  updateable: boolean
  nillable: boolean
  defaultedOnCreate: boolean
  sortable: boolean
  picklistValues: unknown[]
}

/** What the layouts of an object depend on; SOAP has nothing more to offer. */
type Asked = Pick<RestContext, 'org' | 'caller' | 'base'>

/** The fields of an object that this caller may read. @throws OrgError NOT_FOUND */
export function fieldsDescribed({ org, caller }: Pick<RestContext, 'org' | 'caller'>, object: string): FieldDescribe[] {
  return org.describe(caller, object)['fields'] as FieldDescribe[]
}

const isShown = ({ type }: FieldDescribe): boolean => type !== 'id'
const isRequired = (field: FieldDescribe): boolean => field.createable && !field.nillable && !field.defaultedOnCreate

function layoutItem(field: FieldDescribe, tabOrder: number): Record<string, unknown> {
  return {
    editableForNew: field.createable,
    editableForUpdate: field.updateable,
    label: field.label,
    layoutComponents: [{ details: field, displayLines: 1, tabOrder, type: 'Field', value: field.name }],
    placeholder: false,
    required: isRequired(field),
  }
}

function section(fields: FieldDescribe[], heading: string): Record<string, unknown> {
  const items = fields.map((field, index) => layoutItem(field, index + 1))
  const layoutRows = Array.from({ length: Math.ceil(items.length / COLUMNS) }, (_, row) => {
    const layoutItems = items.slice(row * COLUMNS, (row + 1) * COLUMNS)
    return { layoutItems, numItems: layoutItems.length }
  })
  return {
    collapsed: false,
    columns: COLUMNS,
    heading,
    layoutRows,
    layoutSectionId: null,
    parentLayoutId: null,
    rows: layoutRows.length,
    tabOrder: 'LeftToRight',
    useCollapsibleSection: false,
    useHeading: true,
  }
}

function layoutOf(fields: FieldDescribe[], heading: string): Record<string, unknown> {
  const shown = fields.filter(isShown)
  const editable = shown.filter((field) => field.createable || field.updateable)
  return {
    buttonLayoutSection: { detailButtons: [] },
    detailLayoutSections: [section(shown, heading)],
    editLayoutSections: [section(editable, heading)],
    feedView: null,
    highlightsPanelLayoutSection: null,
    id: null,
    multirowEditLayoutSections: [],
    offlineLinks: [],
    quickActionList: { quickActionListItems: [] },
    relatedContent: null,
    relatedLists: [],
    saveOptions: [],
  }
}

interface RecordTypeInfo {
  recordTypeId: string
  master: boolean
}

interface Layouts {
  layouts: Record<string, unknown>[]
  recordTypeMappings: (RecordTypeInfo & { layoutId: null; picklistsForRecordType: unknown[] })[]
  recordTypeSelectorRequired: boolean[]
}

/** What both APIs tell about the layouts of an object. @throws OrgError NOT_FOUND */
export function layoutsOf(context: Asked, object: string): Layouts {
  const { name, label } = namesOf(context, object)
  const recordTypes = context.org.describe(context.caller, name)['recordTypeInfos'] as RecordTypeInfo[]
  const fields = fieldsDescribed(context, object)
  const picklistsForRecordType = fields
    .filter(({ picklistValues }) => picklistValues.length > 0)
    .map((field) => ({ picklistName: field.name, picklistValues: field.picklistValues }))
  return {
    layouts: [layoutOf(fields, `${label} Information`)],
    recordTypeMappings: recordTypes.map((info) => ({ ...info, layoutId: null, picklistsForRecordType })),
    recordTypeSelectorRequired: [recordTypes.some(({ master }) => !master)],
  }
}

function namesOf({ org, caller }: Asked, object: string): { name: string; label: string } {
  const { name, label } = org.describe(caller, object)
  return { name: String(name), label: String(label) }
}

/** `GET /sobjects/X/describe/layouts/{recordType}`: the layout of one record type. */
export function readLayoutOf(
  _request: RestRequest,
  context: RestContext,
  object: string,
  recordType: string,
): RestResponse {
  const { layouts, recordTypeMappings } = layoutsOf(context, object)
  const found = recordTypeMappings.some(({ recordTypeId }) => recordTypeId.slice(0, 15) === recordType.slice(0, 15))
  if (!found) throw refusal.notFound()
  return ok(layouts[0])
}

/** `GET /sobjects/X/describe/layouts`. */
export function readLayouts(_request: RestRequest, context: RestContext, object: string): RestResponse {
  return ok(layoutsOf(context, object))
}

/** `GET /sobjects/User/describe/namedLayouts/UserAlt`: the one named layout orgs are known to have. */
export function readNamedLayout(
  _request: RestRequest,
  context: RestContext,
  object: string,
  name: string,
): RestResponse {
  if (namesOf(context, object).name !== 'User' || name !== 'UserAlt') throw refusal.notFound()
  return ok(layoutsOf(context, object))
}

function compactLayoutOf(context: RestContext, object: string): Record<string, unknown> {
  const shown = fieldsDescribed(context, object).filter(isShown)
  const named = shown.filter((field) => field.nameField)
  const rest = shown.filter((field) => !field.nameField && field.updateable)
  return {
    actions: [],
    fieldItems: [...named, ...rest].slice(0, COMPACT_FIELDS).map((field, index) => layoutItem(field, index + 1)),
    id: null,
    imageItems: [],
    label: 'System Default',
    name: 'SYSTEM',
    objectType: namesOf(context, object).name,
  }
}

/** `GET /sobjects/X/describe/compactLayouts`: the system's own, with the name first. */
export function readCompactLayouts(_request: RestRequest, context: RestContext, object: string): RestResponse {
  const { name } = namesOf(context, object)
  const primary = `${context.base}/sobjects/${name}/describe/compactLayouts/primary`
  const mapping = {
    available: true,
    compactLayoutId: null,
    compactLayoutName: 'SYSTEM',
    recordTypeId: MASTER,
    recordTypeName: 'Master',
    urls: { compactLayout: `${context.base}/sobjects/${name}/describe/compactLayouts/${MASTER}` },
  }
  return ok({
    compactLayouts: [compactLayoutOf(context, object)],
    defaultCompactLayoutId: null,
    recordTypeCompactLayoutMappings: [mapping],
    urls: { primary },
  })
}

/** `GET /sobjects/X/describe/compactLayouts/primary`, or by the master's id: the one layout there is. */
export function readCompactLayout(
  _request: RestRequest,
  context: RestContext,
  object: string,
  which: string,
): RestResponse {
  if (which !== 'primary' && which.slice(0, 15) !== MASTER.slice(0, 15)) throw refusal.notFound()
  return ok(compactLayoutOf(context, object))
}

/** `GET /compactLayouts?q=Account,Contact`: the primary ones of several objects. */
export function readPrimaryLayouts(request: RestRequest, context: RestContext): RestResponse {
  const names = (request.query.get('q') ?? '').split(',').filter(Boolean)
  if (names.length === 0) throw refusal.badInput('Query string parameter q is required', 'MISSING_ARGUMENT')
  return ok(Object.fromEntries(names.map((name) => [name, compactLayoutOf(context, name)])))
}

/** `GET /sobjects/X/describe/approvalLayouts`: none, as in an org without approval processes. */
export function readApprovalLayouts(_request: RestRequest, context: RestContext, object: string): RestResponse {
  namesOf(context, object)
  return ok({ approvalLayouts: [] })
}
