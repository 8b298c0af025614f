import type { Caller, Org, QueryPage } from '../../org.ts'
import { refusal } from '../http/errors.ts'
import type { SoapCall } from './envelope.ts'
import { writeSObject } from './sobject.ts'
import { text } from './xml.ts'

/** `query(queryString)`. */
export function query(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return run(call, org, caller, false)
}

/** `queryAll(queryString)`: deleted rows too. */
export function queryAll(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return run(call, org, caller, true)
}

function run(call: SoapCall, org: Org, caller: Caller, all: boolean): unknown[] {
  const soql = text(call.body, 'queryString')
  if (!soql) throw refusal.badInput('queryString is missing', 'MALFORMED_QUERY')
  return [result(org.query(caller, soql, { all, ...(call.batchSize ? { batchSize: call.batchSize } : {}) }))]
}

/** `queryMore(queryLocator)`. */
export function queryMore(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return [result(org.queryMore(caller, text(call.body, 'queryLocator') ?? ''))]
}

function result(page: QueryPage): Record<string, unknown> {
  return {
    '@xsi:type': 'QueryResult',
    done: page.done,
    queryLocator: page.done ? null : (page.nextLocator ?? null),
    records: page.records.map(writeSObject),
    size: page.totalSize,
  }
}
