import type { Caller, Org } from '../../org.ts'
import { bulkQuery, cellsOf } from './query-columns.ts'

/** What a bulk query has found so far, as rows of text below its columns. */
export interface QueryResult {
  columns: string[]
  rows: string[][]
}

/** Runs a query page by page; each step is one page, so that other calls are answered between them. @throws OrgError */
export function* queryPages(
  org: Org,
  caller: Caller,
  soql: string,
  all: boolean,
  result: QueryResult,
): Generator<void> {
  const { columns } = bulkQuery(soql)
  result.columns = columns
  let page = org.query(caller, soql, { all, batchSize: 2000 })
  for (;;) {
    for (const record of page.records) result.rows.push(cellsOf(record, columns))
    if (page.done || !page.nextLocator) return
    yield
    page = org.queryMore(caller, page.nextLocator)
  }
}
