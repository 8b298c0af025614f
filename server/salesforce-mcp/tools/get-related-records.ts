import { exclusionsOf, exclusionsQuery } from '../exclusions/exclusions.ts'
import { grantedQuery } from '../grants/soql.ts'
import { distinctNames } from '../org/names.ts'
import { idList, runQueries } from '../org/query.ts'
import { recordOf } from '../org/records.ts'
import { readableOf, type Tool } from '../services/services.ts'

/** Parent-to-child subqueries in one query; the newest children first, so that a limit keeps those. */
export const getRelatedRecords: Tool<'getRelatedRecords'> = async (input, call) => {
  const children = input.relationships.map(
    ({ path, fields, limit }) =>
      `(SELECT ${distinctNames(['Id', ...fields]).join(', ')} FROM ${path} ORDER BY CreatedDate DESC LIMIT ${limit})`,
  )
  const selected = [...distinctNames(['Id', ...input.fields]), ...children].join(', ')
  const text = `SELECT ${selected} FROM ${input.object} WHERE Id IN ${idList(input.ids)}`
  const query = await grantedQuery(text, readableOf(input.grant, call))
  const { namespace, reader, now } = call.services
  const apart = exclusionsQuery(namespace, input.ids, now().toISOString().slice(0, 10))
  const [result, kept] = await runQueries(reader, [query, apart], call.count)
  const paths = input.relationships.map(({ path }) => path)
  const records = (result?.rows ?? []).map((row) => recordOf(row, query.fields, paths))
  return { records, apart: exclusionsOf(namespace, kept?.rows ?? []), calls: call.count.calls }
}
