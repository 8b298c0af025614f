import { search, searchTerm } from '../org/search.ts'
import { distinctNames } from '../org/names.ts'
import { recordOf } from '../org/records.ts'
import { readableOf, type Tool } from '../services/services.ts'

export const find: Tool<'find'> = async ({ grant, term, objects }, call) => {
  const readable = readableOf(grant, call)
  for (const { name, fields } of objects) for (const field of fields) await readable.field(name, field)
  const returning = objects.map(
    ({ name, fields, limit }) => `${name}(${distinctNames(['Id', ...fields]).join(', ')} LIMIT ${limit})`,
  )
  const sosl = `FIND {${searchTerm(term)}} IN ALL FIELDS RETURNING ${returning.join(', ')}`
  const rows = await search(call.services.reader, sosl, call.count)
  const fieldsOf = new Map(objects.map(({ name, fields }) => [name.toLowerCase(), fields]))
  const records = rows.map((row) => recordOf(row, fieldsOf.get(recordOf(row).object.toLowerCase())))
  return { records, calls: call.count.calls }
}
