// The page layouts of an object, by record type.
import type { ObjectLayouts, PageLayout } from '../../../org/object-layouts.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { type ChildDescribe, type FieldDescribe, pageLayout, type PicklistValue } from './layout-shape.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

export type { FieldDescribe } from './layout-shape.ts'

/** What the layouts of an object depend on; SOAP has nothing more to offer. */
export type Asked = Pick<RestContext, 'org' | 'caller'>

interface RecordTypeInfo {
  recordTypeId: string
  name: string
  active: boolean
  available: boolean
  master: boolean
}
export interface Described {
  name: string
  fields: FieldDescribe[]
  children: Omit<ChildDescribe, 'labelPlural' | 'fields'>[]
  recordTypes: RecordTypeInfo[]
}

/** The fields of an object that this caller may read. Throws OrgError NOT_FOUND. */
export function fieldsDescribed({ org, caller }: Asked, object: string): FieldDescribe[] {
  return org.describe(caller, object)['fields'] as FieldDescribe[]
}

/** What of an object's describe its layouts build on. Throws OrgError NOT_FOUND. */
export function describedFor({ org, caller }: Asked, object: string): Described {
  const described = org.describe(caller, object)
  return {
    name: String(described['name']),
    fields: described['fields'] as FieldDescribe[],
    children: described['childRelationships'] as Described['children'],
    recordTypes: described['recordTypeInfos'] as RecordTypeInfo[],
  }
}

type Picklists = ObjectLayouts['types'][number]['picklists']

/** The values of a picklist under a record type, with the one that a new record of it begins with. */
export function valuesUnder(field: FieldDescribe, picklists: Picklists): PicklistValue[] {
  const own = picklists[field.name]
  if (!own) return field.picklistValues
  const values = field.picklistValues.filter(({ value }) => own.values.includes(value))
  return values.map((one) => ({ ...one, defaultValue: own.default ? one.value === own.default : one.defaultValue }))
}

interface Mapping extends RecordTypeInfo {
  layoutId: string
  picklistsForRecordType: { picklistName: string; picklistValues: PicklistValue[] }[]
}
export interface Layouts {
  layouts: Record<string, unknown>[]
  recordTypeMappings: Mapping[]
  recordTypeSelectorRequired: boolean[]
}

/** What both APIs tell of the layouts of an object, each layout once. Throws OrgError NOT_FOUND. */
export function layoutsOf(asked: Asked, object: string): Layouts {
  const described = describedFor(asked, object)
  const { types } = asked.org.layouts(asked.caller, object)
  const picklists = described.fields.filter(({ picklistValues }) => picklistValues.length > 0)
  const recordTypeMappings = described.recordTypes.flatMap((info) => {
    const own = types.find(({ recordTypeId }) => recordTypeId === info.recordTypeId)
    if (!own) return []
    const picklistsForRecordType = picklists.map((field) => ({
      picklistName: field.name,
      picklistValues: valuesUnder(field, own.picklists),
    }))
    return [{ ...info, layoutId: own.page.id, picklistsForRecordType }]
  })
  const pages = new Map(types.map(({ page }) => [page.id, page]))
  const choices = described.recordTypes.filter(({ available, master }) => available && !master)
  return {
    layouts: [...pages.values()].map((page) => drawn(asked, page, described)),
    recordTypeMappings,
    recordTypeSelectorRequired: [choices.length > 0],
  }
}

function drawn({ org, caller }: Asked, page: PageLayout, { fields, children }: Described): Record<string, unknown> {
  const lists = page.relatedLists.flatMap(({ relationship }) => {
    const child = children.find(({ relationshipName }) => relationshipName === relationship)
    if (!child) return []
    const described = org.describe(caller, child.childSObject)
    const labelPlural = String(described['labelPlural'])
    return [{ ...child, labelPlural, fields: described['fields'] as FieldDescribe[] }]
  })
  return pageLayout(page, fields, lists)
}

/** A layout that is asked for by its name, as both APIs tell of it. Throws OrgError NOT_FOUND. */
export function namedLayoutOf(asked: Asked, object: string, name: string): Layouts {
  const page = asked.org.layouts(asked.caller, object).named.find((each) => each.name === name)
  if (!page) throw refusal.notFound()
  const { recordTypeMappings, recordTypeSelectorRequired } = layoutsOf(asked, object)
  return {
    layouts: [drawn(asked, page, describedFor(asked, object))],
    recordTypeMappings: recordTypeMappings.map((mapping) => ({ ...mapping, layoutId: page.id })),
    recordTypeSelectorRequired,
  }
}

/** `GET /sobjects/X/describe/layouts/{recordType}`: the layout of one record type. */
export function readLayoutOf(
  _request: RestRequest,
  context: RestContext,
  object: string,
  recordType: string,
): RestResponse {
  const { types } = context.org.layouts(context.caller, object)
  const found = types.find(({ recordTypeId }) => recordTypeId.slice(0, 15) === recordType.slice(0, 15))
  if (!found) throw refusal.notFound()
  return ok(drawn(context, found.page, describedFor(context, object)))
}

/** `GET /sobjects/X/describe/layouts`: an object of several record types tells only where their layouts are [rest]. */
export function readLayouts(_request: RestRequest, context: RestContext, object: string): RestResponse {
  const { layouts, ...rest } = layoutsOf(context, object)
  const own = rest.recordTypeMappings.filter(({ active, master }) => active && !master)
  return ok({ layouts: own.length > 1 ? null : layouts, ...rest })
}

/** `GET /sobjects/X/describe/namedLayouts/{name}`; every org has `UserAlt` of users. */
export function readNamedLayout(
  _request: RestRequest,
  context: RestContext,
  object: string,
  name: string,
): RestResponse {
  return ok(namedLayoutOf(context, object, name))
}

/** `GET /sobjects/X/describe/approvalLayouts`: none, as in an org without approval processes. */
export function readApprovalLayouts(_request: RestRequest, context: RestContext, object: string): RestResponse {
  context.org.describe(context.caller, object)
  return ok({ approvalLayouts: [] })
}
