import type { ToolOutput } from '../../contract/tools.ts'
import type { ObjectSchema } from '../org/describe.ts'
import { quoted, runQueries, type Row } from '../org/query.ts'
import { readableOf, type Tool } from '../services/services.ts'

/** Records per answer. */
const MOST = 200
const FIELDS = ['Id', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp', 'IsDeleted']
const MERGED_INTO = 'MasterRecordId'

/** Deleted rows are those in the Recycle Bin: what was removed from it leaves no row (docs/salesforce-facts.md#recycle-bin). */
export const listChanges: Tool<'listChanges'> = async ({ grant, object, since, after, createdSince }, call) => {
  const readable = readableOf(grant, call)
  readable.object(object)
  const schema = await readable.schema(object)
  const stamp = new Date(since).toISOString()
  // Any number of records may bear one second: the id says how far it was read.
  const position = after
    ? `(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > ${quoted(after)}))`
    : `SystemModstamp >= ${stamp}`
  const kind = createdSince ? ` AND (IsDeleted = true OR CreatedDate >= ${new Date(createdSince).toISOString()})` : ''
  const soql =
    `SELECT ${changeFields(schema).join(', ')} FROM ${schema.name} WHERE ${position}${kind} ` +
    `ORDER BY SystemModstamp, Id LIMIT ${MOST}`
  const [found] = await runQueries(call.services.reader, [{ soql, all: true }], call.count)
  const rows = found?.rows ?? []
  return { changes: rows.map(changeOf), more: rows.length === MOST, calls: call.count.calls }
}

/** Fields that say how a record stands; only objects that can be merged have the last one. */
export const changeFields = (schema: ObjectSchema): string[] =>
  schema.field(MERGED_INTO) ? [...FIELDS, MERGED_INTO] : FIELDS

/** How a record stands, in the contract's form. */
export function changeOf(row: Row): ToolOutput<'listChanges'>['changes'][number] {
  const mergedInto = row[MERGED_INTO]
  return {
    id: String(row['Id']),
    createdAt: timeOf(row['CreatedDate']),
    modifiedAt: timeOf(row['LastModifiedDate']),
    at: timeOf(row['SystemModstamp']),
    isDeleted: row['IsDeleted'] === true,
    mergedInto: typeof mergedInto === 'string' ? mergedInto : null,
  }
}

/** The org writes `2026-01-31T10:00:00.000+0000` (docs/salesforce-facts.md#values). */
const timeOf = (value: unknown) => new Date(String(value)).toISOString()
