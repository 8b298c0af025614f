import type { QueryPage } from '../../../org/org.ts'
import { parseOptions } from '../../../wire/http/headers.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { columnMetadata } from './column-metadata.ts'
import { explainQuery } from './explain.ts'
import { isTrue } from '../request/write-options.ts'
import { noteQueried } from '../request/recent.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

/** `GET /query?q=` (also `columns=true`, which sf CLI asks for to lay out its table). */
export function runQuery(request: RestRequest, context: RestContext): RestResponse {
  return query(request, context, false)
}

/** `GET /queryAll?q=`: deleted rows too. */
export function runQueryAll(request: RestRequest, context: RestContext): RestResponse {
  return query(request, context, true)
}

function query(request: RestRequest, context: RestContext, all: boolean): RestResponse {
  const explain = request.query.get('explain')
  if (explain !== null && !all) return explainQuery(explain, context)
  const soql = request.query.get('q')
  if (soql === null) throw refusal.noQuery()
  if (isTrue(request.query.get('columns'))) return ok(columnMetadata(soql, context))
  const batchSize = Number(parseOptions(request.headers['sforce-query-options']).get('batchsize'))
  const wanted = Number.isInteger(batchSize) && batchSize > 0 ? { batchSize: clamp(batchSize) } : {}
  const page = context.org.query(context.caller, soql, { all, ...wanted })
  noteQueried(request, context, page.records)
  return queryAnswer(page, context)
}

/** `GET /query/{locator}`. */
export function runQueryMore(_request: RestRequest, context: RestContext, locator: string): RestResponse {
  return queryAnswer(context.org.queryMore(context.caller, locator), context)
}

export function queryAnswer(page: QueryPage, context: RestContext): RestResponse {
  const { totalSize, done, nextLocator, records } = page
  return ok({
    totalSize,
    done,
    ...(nextLocator && !done ? { nextRecordsUrl: `${context.base}/query/${nextLocator}` } : {}),
    records,
  })
}

/** An org keeps batch sizes within these bounds, whatever was asked. */
function clamp(batchSize: number): number {
  return Math.min(2000, Math.max(200, batchSize))
}
