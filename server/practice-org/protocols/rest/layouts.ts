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

/** What both APIs tell about the layouts of an object. @throws OrgError NOT_FOUND */
export function layoutsOf(context: Asked, object: string): Record<string, unknown> {
  const { name, label } = namesOf(context, object)
  const mapping = {
    active: true,
    available: true,
    defaultRecordTypeMapping: true,
    developerName: 'Master',
    layoutId: null,
    master: true,
    name: 'Master',
    picklistsForRecordType: [],
    recordTypeId: MASTER,
    urls: { layout: `${context.base}/sobjects/${name}/describe/layouts/${MASTER}` },
  }
  return {
    layouts: [layoutOf(fieldsDescribed(context, object), `${label} Information`)],
    recordTypeMappings: [mapping],
    recordTypeSelectorRequired: [false],
  }
}

function namesOf({ org, caller }: Asked, object: string): { name: string; label: string } {
  const { name, label } = org.describe(caller, object)
  return { name: String(name), label: String(label) }
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

/** `GET /sobjects/X/describe/compactLayouts`: the system's own, with the name first. */
export function readCompactLayouts(_request: RestRequest, context: RestContext, object: string): RestResponse {
  const { name } = namesOf(context, object)
  const shown = fieldsDescribed(context, object).filter(isShown)
  const named = shown.filter((field) => field.nameField)
  const rest = shown.filter((field) => !field.nameField && field.updateable)
  const compact = {
    actions: [],
    fieldItems: [...named, ...rest].slice(0, COMPACT_FIELDS).map((field, index) => layoutItem(field, index + 1)),
    id: null,
    imageItems: [],
    label: 'System Default',
    name: 'SYSTEM',
    objectType: name,
  }
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
    compactLayouts: [compact],
    defaultCompactLayoutId: null,
    recordTypeCompactLayoutMappings: [mapping],
    urls: { primary },
  })
}

/** `GET /sobjects/X/describe/approvalLayouts`: none, as in an org without approval processes. */
export function readApprovalLayouts(_request: RestRequest, context: RestContext, object: string): RestResponse {
  namesOf(context, object)
  return ok({ approvalLayouts: [] })
}
