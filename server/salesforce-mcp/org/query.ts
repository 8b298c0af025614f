import { z } from 'zod'
import { UnclearAnswer } from '../failure/failure.ts'
import type { CallCount } from './calls.ts'
import { bodyOf, readTogether, type Subrequest } from './composite.ts'
import type { OrgConnection } from './connection.ts'
import type { ExactJson } from './json.ts'

export interface Query {
  soql: string
  /** With deleted and archived rows (`queryAll`). */
  all?: boolean
}

export type Row = Record<string, ExactJson>

export interface Rows {
  totalSize: number
  rows: Row[]
}

/** A composite request takes at most five queries. */
export const QUERIES_PER_CALL = 5

const Page = z.object({
  totalSize: z.coerce.number(),
  records: z.array(z.custom<Row>((row) => typeof row === 'object' && row !== null)),
})

/** Rows of each query, five queries to an API call. Throws the first query's error as a ToolFailure. */
export async function runQueries(
  connection: OrgConnection,
  queries: readonly Query[],
  count: CallCount,
): Promise<Rows[]> {
  const results: Rows[] = []
  for (let start = 0; start < queries.length; start += QUERIES_PER_CALL) {
    const batch = queries.slice(start, start + QUERIES_PER_CALL)
    const responses = await readTogether(
      connection,
      batch.map((query, index) => querySubrequest(query, `q${index}`)),
      count,
    )
    for (const response of responses) results.push(rowsOf(bodyOf(response)))
  }
  return results
}

/** Rows of a query result, also of a child relationship, where `null` means none. */
export function rowsOf(body: ExactJson): Rows {
  if (body === null) return { totalSize: 0, rows: [] }
  const page = Page.safeParse(body)
  if (!page.success) throw new UnclearAnswer('the org answered a query with another shape')
  return { totalSize: page.data.totalSize, rows: page.data.records }
}

/** A query as one call of a composite request. */
export function querySubrequest({ soql, all }: Query, referenceId: string): Subrequest {
  const path = `/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`
  return { method: 'GET', path, referenceId }
}

/** A SOQL string literal. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`
}

/** The literal's inside for LIKE: `%` and `_` of the text stand for themselves. */
export function likeText(text: string): string {
  return quoted(text).slice(1, -1).replace(/[%_]/g, '\\$&')
}

export function idList(ids: Iterable<string>): string {
  return `(${[...new Set(ids)].map(quoted).join(', ')})`
}
