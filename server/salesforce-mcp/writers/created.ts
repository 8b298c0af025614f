import { type Operation, type OperationOf } from '../../contract/operations/operation.ts'
import { quoted, runQueries } from '../org/query.ts'
import type { ToolCall } from '../services/services.ts'
import type { Receipt } from './receipts.ts'

type Create = OperationOf<'create'>

/** Types a query can compare as they stand. */
const COMPARABLE = new Set(['string', 'picklist', 'reference', 'phone', 'url', 'email'])
const NEAR_MS = 60_000

/**
 * Ids of the records that a receipt's transaction created, when the answer that named them was lost: made by the writing user
 * within a minute of the receipt, with the same values. One that is not found without doubt is left out.
 */
export async function createdRecords(
  operations: readonly Operation[],
  receipt: Receipt,
  call: ToolCall,
): Promise<Record<string, string>> {
  const creates = operations.filter((operation): operation is Create => operation.kind === 'create')
  if (creates.length === 0) return {}
  const { userId } = await call.services.writer.session()
  const queries = []
  for (const create of creates) queries.push({ soql: await soqlOf(create, receipt, userId, call) })
  const results = await runQueries(call.services.writer, queries, call.count)
  const found = creates.flatMap(({ key }, index) => {
    const rows = results[index]?.rows ?? []
    const id = rows.length === 1 ? rows[0]?.Id : undefined
    return typeof id === 'string' ? [[key, id] as const] : []
  })
  return Object.fromEntries(found)
}

async function soqlOf(create: Create, { createdDate }: Receipt, userId: string, call: ToolCall): Promise<string> {
  const schema = await call.services.schemas.of(create.object, call.count)
  const at = Date.parse(createdDate)
  const time = (ms: number) => new Date(ms).toISOString()
  const values = Object.entries(create.fields).flatMap(([name, { to }]) => {
    const type = schema.field(name)?.type
    return typeof to === 'string' && to !== '' && type && COMPARABLE.has(type) ? [`${name} = ${quoted(to)}`] : []
  })
  const conditions = [
    `CreatedById = ${quoted(userId)}`,
    `CreatedDate >= ${time(at - NEAR_MS)}`,
    `CreatedDate <= ${time(at + NEAR_MS)}`,
    ...values,
  ]
  return `SELECT Id FROM ${create.object} WHERE ${conditions.join(' AND ')} LIMIT 2`
}
