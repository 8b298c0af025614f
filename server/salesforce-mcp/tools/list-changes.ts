import type { ToolOutput } from '../../contract/tools.ts'
import type { ObjectSchema } from '../org/describe.ts'
import { quoted, runQueries, type Row } from '../org/query.ts'
import { readableOf, type Tool, type ToolCall } from '../services/services.ts'

/** Records per answer. */
const MOST = 200
const FIELDS = ['Id', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp', 'IsDeleted']
/** Fields that not every object has. */
const MERGED_INTO = 'MasterRecordId'
const MODIFIED_BY = 'LastModifiedById'

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
  const writer = rows.length > 0 ? await writerOf(call) : null
  return { changes: rows.map((row) => changeOf(row, writer)), more: rows.length === MOST, calls: call.count.calls }
}

/** The writer's user id; null while it cannot sign in. */
async function writerOf({ services }: ToolCall): Promise<string | null> {
  return services.writer.session().then(
    ({ userId }) => userId,
    () => null,
  )
}

/** Fields that say how a record stands, as far as the object has them. */
export const changeFields = (schema: ObjectSchema): string[] => [
  ...FIELDS,
  ...[MODIFIED_BY, MERGED_INTO].filter((name) => schema.field(name)),
]

/** How a record stands, in the contract's form. */
export function changeOf(row: Row, writer: string | null): ToolOutput<'listChanges'>['changes'][number] {
  const mergedInto = row[MERGED_INTO]
  return {
    id: String(row['Id']),
    createdAt: timeOf(row['CreatedDate']),
    modifiedAt: timeOf(row['LastModifiedDate']),
    at: timeOf(row['SystemModstamp']),
    byWriter: writer !== null && row[MODIFIED_BY] === writer,
    isDeleted: row['IsDeleted'] === true,
    mergedInto: typeof mergedInto === 'string' ? mergedInto : null,
  }
}

/** The org writes `2026-01-31T10:00:00.000+0000` (docs/salesforce-facts.md#values). */
const timeOf = (value: unknown) => new Date(String(value)).toISOString()
