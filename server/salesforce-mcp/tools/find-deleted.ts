import { idList, runQueries } from '../org/query.ts'
import { readableOf, type Tool } from '../services/services.ts'
import { changeOf, changeFields } from './list-changes.ts'

export const findDeleted: Tool<'findDeleted'> = async ({ grant, object, ids }, call) => {
  const readable = readableOf(grant, call)
  readable.object(object)
  const schema = await readable.schema(object)
  const soql = `SELECT ${changeFields(schema).join(', ')} FROM ${schema.name} WHERE Id IN ${idList(ids)}`
  const [found] = await runQueries(call.services.reader, [{ soql, all: true }], call.count)
  const records = (found?.rows ?? []).map((row) => changeOf(row, null))
  const known = new Set(records.map(({ id }) => id))
  return {
    deleted: records.filter(({ isDeleted }) => isDeleted),
    missing: ids.filter((id) => !known.has(id)),
    calls: call.count.calls,
  }
}
