import type { Caller, Org } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import { layoutsOf, namedLayoutOf } from '../rest/describe/layouts.ts'
import { CHILD, FIELD, GLOBAL, OBJECT, PICKLIST, RECORD_TYPE, SCOPE, shaped } from './describe-shape.ts'
import type { SoapCall } from './envelope.ts'
import { describedOrFault } from './fields.ts'
import { text, texts } from '../../wire/xml/xml.ts'

const MAX_TYPES = 100
type Json = Record<string, unknown>

/** `describeGlobal()`. */
export function describeGlobal(_call: SoapCall, org: Org, caller: Caller): unknown[] {
  const sobjects = org.describeGlobal(caller).map((summary) => shaped(summary, GLOBAL))
  return [{ encoding: 'UTF-8', maxBatchSize: 200, sobjects }]
}

/** `describeSObject(sObjectType)`. */
export function describeSObject(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return [described(org, caller, text(call.body, 'sObjectType') ?? '')]
}

/** `describeSObjects(sObjectType+)`: at most a hundred. */
export function describeSObjects(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const types = texts(call.body, 'sObjectType')
  if (types.length > MAX_TYPES) {
    throw refusal.badInput(`You can describe at most ${MAX_TYPES} objects at a time`, 'EXCEEDED_MAX_TYPES_LIMIT')
  }
  return types.map((type) => described(org, caller, type))
}

function described(org: Org, caller: Caller, type: string): Json {
  const object = describedOrFault(org, caller, type)
  return shaped(
    {
      ...object,
      actionOverrides: [],
      childRelationships: listOf(object['childRelationships']).map((child) => shaped(child, CHILD)),
      fields: listOf(object['fields']).map(fieldElement),
      namedLayoutInfos: listOf(object['namedLayoutInfos']).map(({ name }) => ({ name })),
      recordTypeInfos: listOf(object['recordTypeInfos']).map((info) => shaped(info, RECORD_TYPE)),
      supportedScopes: listOf(object['supportedScopes']).map((scope) => shaped(scope, SCOPE)),
      urlDetail: urlOf(object, 'uiDetailTemplate'),
      urlEdit: urlOf(object, 'uiEditTemplate'),
      urlNew: urlOf(object, 'uiNewRecord'),
    },
    OBJECT,
  )
}

function fieldElement(field: Json): Json {
  return shaped(
    { ...field, picklistValues: listOf(field['picklistValues']).map((entry) => shaped(entry, PICKLIST)) },
    FIELD,
  )
}

function urlOf(object: Json, name: string): unknown {
  const urls = object['urls']
  return typeof urls === 'object' && urls !== null ? (urls as Json)[name] : undefined
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : [])

/** `describeLayout(sObjectType, layoutName, recordTypeIds*)`: each layout once; of the record types that are asked for. */
export function describeLayout(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const object = String(describedOrFault(org, caller, text(call.body, 'sObjectType') ?? '')['name'])
  const layoutName = text(call.body, 'layoutName')
  const asked = { org, caller }
  const all = layoutName ? namedLayoutOf(asked, object, layoutName) : layoutsOf(asked, object)
  const wanted = texts(call.body, 'recordTypeIds').map((id) => id.slice(0, 15))
  if (wanted.length === 0) return [layoutElement(all)]
  const recordTypeMappings = all.recordTypeMappings.filter(({ recordTypeId }) =>
    wanted.includes(recordTypeId.slice(0, 15)),
  )
  const shown = new Set<unknown>(recordTypeMappings.map(({ layoutId }) => layoutId))
  return [layoutElement({ ...all, layouts: all.layouts.filter(({ id }) => shown.has(id)), recordTypeMappings })]
}

/** The layout with its fields in their SOAP shape, without what REST adds for its own links. */
function layoutElement(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(layoutElement)
  if (!isJson(value)) return value
  const parts = Object.entries(value)
    .filter(([name, part]) => name !== 'urls' && part !== null)
    .map(([name, part]) => [name, name === 'details' && isJson(part) ? fieldElement(part) : layoutElement(part)])
  return Object.fromEntries(parts)
}
