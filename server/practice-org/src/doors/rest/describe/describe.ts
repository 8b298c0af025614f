import { refusal } from '../../../wire/http/errors.ts'
import { dated } from '../request/conditional.ts'
import type { FieldDescribe, PicklistValue } from './layout-shape.ts'
import { valuesUnder } from './layouts.ts'
import { recentItems } from '../request/recent.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'
import { API_VERSIONS, isSince } from '../../../org/api-versions.ts'

const SEASONS = ['Spring', 'Summer', 'Winter']

/** `GET /services/data`: every version this org speaks, oldest first. */
export function versionList(): Record<string, string>[] {
  return API_VERSIONS.map((version) => ({ label: label(Number(version)), url: `/services/data/v${version}`, version }))
}

/** v66 is Spring '26; three releases a year, and Winter carries the next year's number. */
function label(version: number): string {
  const releases = version - 66
  const season = ((releases % 3) + 3) % 3
  const year = 26 + Math.floor(releases / 3) + (season === 2 ? 1 : 0)
  return `${SEASONS[season]} '${year}`
}

const RESOURCES = [
  'limits',
  'query',
  'queryAll',
  'search',
  'parameterizedSearch',
  'sobjects',
  'composite',
  'recent',
  'tooling',
  'tabs',
  'theme',
  'nouns',
  'compactLayouts',
  'event',
  'appMenu',
  'quickActions',
  'actions',
  'jobs',
]

/** The versions that brought some of them. */
const FIRST_VERSION: Record<string, number> = { composite: 34, jobs: 41 }

/** `GET /services/data/vNN.N`. */
export function resourceList(_request: RestRequest, context: RestContext): RestResponse {
  const offered = RESOURCES.filter((name) => isSince(context.caller.version, FIRST_VERSION[name] ?? 0))
  const paths = offered.map((name) => [name, `${context.base}/${name}`])
  const identity = `${context.instanceUrl}/id/${context.org.orgId}/${context.caller.userId}`
  return ok({ ...Object.fromEntries(paths), identity })
}

export function describeGlobal(request: RestRequest, context: RestContext): RestResponse {
  return described(request, context, '', globalList(context))
}

/** A description, or 304 for a caller to whom it has been told. */
function described(request: RestRequest, context: RestContext, name: string, body: unknown): RestResponse {
  const { caller, descriptions } = context
  const since = descriptions.since(`${caller.userId} ${caller.version} ${name}`, body)
  return dated(request, since, () => ok(body))
}

function globalList(context: RestContext): Record<string, unknown> {
  return {
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: context.org.describeGlobal(context.caller).map((one) => located(one, context)),
  }
}

/** `GET /sobjects/X`: the summary, without the fields. */
export function describeBasic(_request: RestRequest, context: RestContext, object: string): RestResponse {
  const described = context.org.describe(context.caller, object)
  const name = described['name']
  const summary = context.org.describeGlobal(context.caller).find((one) => one['name'] === name)
  return ok({
    objectDescribe: located(summary ?? {}, context),
    recentItems: recentItems(context, { object: String(name) }),
  })
}

export function describeObject(request: RestRequest, context: RestContext, object: string): RestResponse {
  const description = context.org.describe(context.caller, object)
  return described(request, context, String(description['name']), located(description, context))
}

interface DefaultedField extends FieldDescribe {
  defaultValue: unknown
}

/**
 * `GET /sobjects/X/defaultValues?recordTypeId=012…&fields=A,B`: what a new record begins with; without `fields`, wherever that
 * is something; without a record type, that of the caller's own default.
 */
export function readDefaultValues(request: RestRequest, context: RestContext, object: string): RestResponse {
  const { name, fields, recordTypeInfos } = context.org.describe(context.caller, object)
  const infos = recordTypeInfos as { recordTypeId: string; defaultRecordTypeMapping: boolean }[]
  const asked = request.query.get('recordTypeId') || infos.find((info) => info.defaultRecordTypeMapping)?.recordTypeId
  const { types } = context.org.layouts(context.caller, object)
  const type = types.find(({ recordTypeId }) => recordTypeId.slice(0, 15) === asked?.slice(0, 15))
  if (!type) throw refusal.notFound()
  const wanted = request.query.get('fields')?.toLowerCase().split(',').filter(Boolean) ?? []
  const values = (fields as DefaultedField[])
    .filter((field) => field.createable && (wanted.length === 0 || wanted.includes(field.name.toLowerCase())))
    .map((field): [string, unknown] => [field.name, defaultOf(field, valuesUnder(field, type.picklists))])
    .filter(([, value]) => wanted.length > 0 || value !== null)
  return ok({ attributes: { type: name }, ...Object.fromEntries(values) })
}

const defaultOf = ({ defaultValue }: DefaultedField, choices: PicklistValue[]): unknown =>
  defaultValue ?? choices.find((entry) => entry.defaultValue)?.value ?? null

/** Addresses of pages are told in full, those of resources without the host. */
function located(described: Record<string, unknown>, { instanceUrl }: RestContext): Record<string, unknown> {
  const urls = Object.entries((described['urls'] ?? {}) as Record<string, string>).map(([name, url]) => [
    name,
    name.startsWith('ui') ? `${instanceUrl}${url}` : url,
  ])
  return { ...described, urls: Object.fromEntries(urls) }
}
