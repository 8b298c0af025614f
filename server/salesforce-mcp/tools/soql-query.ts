import { grantedQuery, type GrantedQuery } from '../grants/soql.ts'
import { runQueries, type Rows } from '../org/query.ts'
import { recordOf } from '../org/records.ts'
import { readableOf, type Tool } from '../services/services.ts'

export const soqlQuery: Tool<'soqlQuery'> = async ({ grant, queries }, call) => {
  const readable = readableOf(grant, call)
  const granted: GrantedQuery[] = []
  for (const query of queries) granted.push(await grantedQuery(query, readable))
  const results = await runQueries(call.services.reader, granted, call.count)
  return { results: results.map((rows, index) => resultOf(rows, granted[index])), calls: call.count.calls }
}

function resultOf({ totalSize, rows }: Rows, query: GrantedQuery | undefined) {
  const relationships = query?.children.map(({ relationship }) => relationship)
  return { totalSize, records: rows.map((row) => recordOf(row, query?.fields, relationships)) }
}
