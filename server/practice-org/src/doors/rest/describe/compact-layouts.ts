// The compact layouts of an object: what a record is recognised by, by record type.
import type { CompactLayout } from '../../../org/object-layouts.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { compactLayout } from './layout-shape.ts'
import { describedFor } from './layouts.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

const drawn = (context: RestContext, object: string, layout: CompactLayout): Record<string, unknown> => {
  const { name, fields } = describedFor(context, object)
  return compactLayout(layout, fields, name)
}

/** The one of records without a record type is the primary one. */
function primaryOf(context: RestContext, object: string): CompactLayout {
  const primary = context.org.layouts(context.caller, object).types.at(-1)
  if (!primary) throw refusal.notFound()
  return primary.compact
}

/** `GET /sobjects/X/describe/compactLayouts`: each once, and which record type shows which. */
export function readCompactLayouts(_request: RestRequest, context: RestContext, object: string): RestResponse {
  const { name, recordTypes } = describedFor(context, object)
  const { types } = context.org.layouts(context.caller, object)
  const path = `${context.base}/sobjects/${name}/describe/compactLayouts`
  const mappings = types.flatMap(({ recordTypeId, compact }) => {
    const info = recordTypes.find((each) => each.recordTypeId === recordTypeId)
    if (!info) return []
    const shown = { compactLayoutId: compact.id, compactLayoutName: compact.name }
    const urls = { compactLayout: `${path}/${recordTypeId}` }
    return [{ available: info.available, ...shown, recordTypeId, recordTypeName: info.name, urls }]
  })
  const layouts = new Map(types.map(({ compact }) => [compact.id, compact]))
  return ok({
    compactLayouts: [...layouts.values()].map((layout) => drawn(context, object, layout)),
    defaultCompactLayoutId: primaryOf(context, object).id,
    recordTypeCompactLayoutMappings: mappings,
    urls: { primary: `${path}/primary` },
  })
}

/** `GET /sobjects/X/describe/compactLayouts/{primary or record type}`. */
export function readCompactLayout(
  _request: RestRequest,
  context: RestContext,
  object: string,
  which: string,
): RestResponse {
  if (which === 'primary') return ok(drawn(context, object, primaryOf(context, object)))
  const { types } = context.org.layouts(context.caller, object)
  const found = types.find(({ recordTypeId }) => recordTypeId.slice(0, 15) === which.slice(0, 15))
  if (!found) throw refusal.notFound()
  return ok(drawn(context, object, found.compact))
}

/** `GET /compactLayouts?q=Account,Contact`: the primary ones of several objects. */
export function readPrimaryLayouts(request: RestRequest, context: RestContext): RestResponse {
  const names = (request.query.get('q') ?? '').split(',').filter(Boolean)
  if (names.length === 0) throw refusal.badInput('Query string parameter q is required', 'MISSING_ARGUMENT')
  return ok(Object.fromEntries(names.map((name) => [name, drawn(context, name, primaryOf(context, name))])))
}
