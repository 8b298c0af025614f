// List views: every object with a name has one of all records, and one of the caller's own where records have owners.

import { toId18 } from '../../../schema/ids.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { fieldsDescribed, type FieldDescribe } from './layouts.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

const KEY_PREFIX = '00B'
const DEFAULT_PAGE = 25
const MOST = 2000

interface ListView {
  id: string
  object: string
  label: string
  developerName: string
  mine: boolean
  fields: FieldDescribe[]
}

/** The id says of which object: a client finds the same view again after a restart. */
const idOf = (keyPrefix: string, mine: boolean): string => toId18(`${KEY_PREFIX}gK0000${keyPrefix}00${mine ? 2 : 1}`)

function viewsOf(context: RestContext, object: string): ListView[] {
  const { name, labelPlural, keyPrefix } = context.org.describe(context.caller, object)
  const fields = fieldsDescribed(context, object)
  const nameField = fields.find((field) => field.nameField)
  if (typeof keyPrefix !== 'string' || !nameField) return []
  const created = fields.filter((field) => field.name === 'CreatedDate')
  const owned = fields.some((field) => field.name === 'OwnerId')
  return (owned ? [false, true] : [false]).map((mine) => ({
    id: idOf(keyPrefix, mine),
    object: String(name),
    label: `${mine ? 'My' : 'All'} ${String(labelPlural)}`,
    developerName: `${mine ? 'My' : 'All'}${String(labelPlural).replace(/\W/g, '')}`,
    mine,
    fields: [nameField, ...created],
  }))
}

function viewOf(context: RestContext, object: string, id: string): ListView {
  const view = viewsOf(context, object).find((one) => one.id === id || one.id.slice(0, 15) === id)
  if (!view) throw refusal.notFound()
  return view
}

/** The query behind a list view, or undefined when no object this caller sees has it. */
export function listViewQuery(context: RestContext, id: string): string | undefined {
  if (!id.startsWith(KEY_PREFIX)) return undefined
  const keyPrefix = id.slice(9, 12)
  const owner = context.org.describeGlobal(context.caller).find((object) => object['keyPrefix'] === keyPrefix)
  return owner && queryOf(viewOf(context, String(owner['name']), id), context)
}

function queryOf({ object, mine, fields }: ListView, { caller }: RestContext): string {
  const [name] = fields
  const columns = [...fields.map((field) => field.name), 'Id'].join(', ')
  const where = mine ? ` WHERE OwnerId = '${caller.userId}'` : ''
  return `SELECT ${columns} FROM ${object}${where} ORDER BY ${name?.name ?? 'Id'} ASC NULLS FIRST, Id ASC NULLS FIRST`
}

function columnsOf(fields: FieldDescribe[]) {
  return [
    ...fields.map(({ name, label, type, sortable }, index) => ({
      ascendingLabel: type === 'datetime' ? 'Old to New' : 'Z-A',
      descendingLabel: type === 'datetime' ? 'New to Old' : 'A-Z',
      fieldNameOrPath: name,
      hidden: false,
      label,
      selectListItem: name,
      sortDirection: index === 0 ? 'ascending' : null,
      sortIndex: index === 0 ? 0 : null,
      sortable,
      type,
    })),
    {
      ascendingLabel: null,
      descendingLabel: null,
      fieldNameOrPath: 'Id',
      hidden: true,
      label: 'Record ID',
      selectListItem: 'Id',
      sortDirection: null,
      sortIndex: null,
      sortable: false,
      type: 'id',
    },
  ]
}

function infoOf({ id, label, developerName, object }: ListView, { base }: RestContext) {
  const url = `${base}/sobjects/${object}/listviews/${id}`
  return {
    describeUrl: `${url}/describe`,
    developerName,
    id,
    label,
    resultsUrl: `${url}/results`,
    soqlCompatible: true,
    url,
  }
}

/** `GET /sobjects/X/listviews/{id}`. */
export function readListViewInfo(
  _request: RestRequest,
  context: RestContext,
  object: string,
  id: string,
): RestResponse {
  return ok(infoOf(viewOf(context, object, id), context))
}

/** `GET /sobjects/X/listviews`. */
export function listListViews(_request: RestRequest, context: RestContext, object: string): RestResponse {
  const listviews = viewsOf(context, object).map((view) => infoOf(view, context))
  const sobjectType = String(context.org.describe(context.caller, object)['name'])
  return ok({ done: true, listviews, nextRecordsUrl: null, size: listviews.length, sobjectType })
}

/** `GET /sobjects/X/listviews/{id}/describe`. */
export function describeListView(
  _request: RestRequest,
  context: RestContext,
  object: string,
  id: string,
): RestResponse {
  const view = viewOf(context, object, id)
  const [name] = view.fields
  return ok({
    columns: columnsOf(view.fields),
    id: view.id,
    orderBy: [{ fieldNameOrPath: name?.name ?? 'Id', nullsPosition: 'first', sortDirection: 'ascending' }],
    query: queryOf(view, context),
    relatedEntityId: null,
    scope: view.mine ? 'mine' : 'everything',
    scopeEntityId: null,
    sobjectType: view.object,
    whereCondition: { conditions: [], conjunction: 'and' },
  })
}

/** `GET /sobjects/X/listviews/{id}/results?limit=&offset=`: 25 rows unless asked for others, each value as text. */
export function readListView(request: RestRequest, context: RestContext, object: string, id: string): RestResponse {
  const view = viewOf(context, object, id)
  const limit = bounded(request.query.get('limit'), DEFAULT_PAGE)
  const offset = bounded(request.query.get('offset'), 0)
  const soql = `${queryOf(view, context)} LIMIT ${limit + 1} OFFSET ${offset}`
  const found = context.org.query(context.caller, soql, { batchSize: limit + 1 }).records
  const shown = found.slice(0, limit)
  const columns = columnsOf(view.fields)
  return ok({
    columns,
    developerName: view.developerName,
    done: found.length === shown.length,
    id: view.id,
    label: view.label,
    records: shown.map((row) => ({
      columns: columns.map(({ fieldNameOrPath }) => ({ fieldNameOrPath, value: asText(row[fieldNameOrPath]) })),
    })),
    size: shown.length,
  })
}

/** Throws OrgError for what is no number from 0 to 2,000. */
function bounded(given: string | null, otherwise: number): number {
  if (given === null) return otherwise
  const asked = Number(given)
  if (given.trim() !== '' && Number.isInteger(asked) && asked >= 0 && asked <= MOST) return asked
  throw refusal.badInput(`${given} is not a number from 0 to ${MOST}`, 'INVALID_QUERY_PARAMETER')
}

const asText = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
