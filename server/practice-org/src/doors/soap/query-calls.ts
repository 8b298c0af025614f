import { OrgError, type Caller, type Org, type QueryPage } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import type { SoapCall } from './envelope.ts'
import { knownObject, noSuchField } from './fields.ts'
import { text, texts } from '../../wire/xml/xml.ts'
import { writeSObject } from './write-sobject.ts'

const MAX_IDS = 2000

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

/** `search(searchString)`: SOSL. */
export function search(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const sosl = text(call.body, 'searchString')
  if (!sosl) {
    const message = 'No search term found. The search term must be enclosed in braces.'
    throw refusal.badInput(message, 'MALFORMED_SEARCH')
  }
  const records = org.search(caller, sosl)
  return [{ queryId: '', searchRecords: records.map((record) => ({ record: writeSObject(record) })) }]
}

/**
 * `retrieve(fieldList, sObjectType, ids)`: one result per id, in that order; `xsi:nil` for what is deleted, unknown or not
 * shared with the caller.
 */
export function retrieve(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const { name, fields } = knownObject(org, caller, text(call.body, 'sObjectType') ?? '')
  const list = text(call.body, 'fieldList') ?? ''
  const wanted = list.split(',').map((each) => each.trim())
  for (const each of wanted) if (!fields.has(each.toLowerCase())) throw noSuchField(each, name)
  const ids = texts(call.body, 'ids')
  if (ids.length > MAX_IDS) {
    throw refusal.badInput(`retrieve id limit reached: ${ids.length}, limit: ${MAX_IDS}`, 'EXCEEDED_ID_LIMIT')
  }
  return ids.map((id) => recordOrNil(() => org.retrieve(caller, name, id, wanted)))
}

function recordOrNil(read: () => Parameters<typeof writeSObject>[0]): Record<string, unknown> | null {
  try {
    return writeSObject(read())
  } catch (error) {
    if (error instanceof OrgError && error.body.status === 404) return null
    throw error
  }
}
