import type { Caller, Org } from '../../../org/org.ts'
import type { Progress } from './job.ts'
import { cellsOf } from './query-columns.ts'
import type { JobStore } from './job-store.ts'

/** What runs a query, and how its rows are kept: CSV cells below these columns, or whole records. */
export interface QuerySpec {
  org: Org
  caller: Caller
  soql: string
  all: boolean
  columns: readonly string[]
  form: 'cells' | 'records'
}

const PAGE = 2000

/** Keeps the result of a query page by page; each step is one page. A query that was stopped begins anew. Throws OrgError. */
export function* querySteps(spec: QuerySpec, job: Progress, store: JobStore): Generator<void> {
  const { org, caller, soql, all, columns, form } = spec
  store.dropParts(job.id)
  job.processed = 0
  let page = org.query(caller, soql, { all, batchSize: PAGE })
  for (;;) {
    const rows = form === 'cells' ? page.records.map((record) => cellsOf(record, columns)) : page.records
    if (rows.length > 0) store.addPart(job.id, job.processed, rows)
    job.processed += rows.length
    if (page.done || !page.nextLocator) return
    yield
    page = org.queryMore(caller, page.nextLocator)
  }
}
