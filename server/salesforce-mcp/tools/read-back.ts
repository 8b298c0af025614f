import type { Move } from '../../contract/operations/fields.ts'
import { type Operation, createdBy, movedBy, objectOf } from '../../contract/operations/operation.ts'
import { comparedAs, type FieldTypes } from '../../contract/values/field-value.ts'
import type { Grant } from '../../contract/grant.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { receiptOf, receiptQuery } from '../writers/receipts.ts'
import { assertCovered, touchedIds } from '../grants/covers.ts'
import { grantedFields } from '../grants/granted-fields.ts'
import type { ObjectSchema } from '../org/describe.ts'
import { distinctNames } from '../org/names.ts'
import { idList, runQueries, type Query, type Row } from '../org/query.ts'
import { recordOf } from '../org/records.ts'
import { readableOf, type Tool, type ToolCall } from '../services/services.ts'

interface Moved {
  survivor: string
  move: Move
  /** Child relationship of the survivor, when the org names one. */
  relationship: string | null
}

/**
 * Every granted field of the touched and created records, the moved records under their survivor, and the receipt. One API call
 * for up to four objects, since moved records come along as children.
 */
export const readBack: Tool<'readBack'> = async ({ grant: name, digest, operations, created }, call) => {
  const grant = call.services.grants.get(name)
  await assertReadable(name, operations, call)
  const moves = await movesOf(operations, call)
  const { types, computed, ...reading } = await recordQueries(operations, created, moves, grant, call)
  const queries = [receiptQuery(call.services.namespace, digest), ...reading.queries]
  const [receipts, ...results] = await runQueries(call.services.reader, queries, call.count)
  const rows = results.flatMap(({ rows: some }) => some)
  const all = receipts?.rows.flatMap((row) => receiptOf(call.services.namespace, row) ?? []) ?? []
  const receipt = all.flatMap(({ voided, ...each }) => (voided ? [] : [each]))
  return { records: withMoved(rows, moves), types, computed, receipts: receipt, calls: call.count.calls }
}

/** Throws `not-granted` for operations outside the grant, and for moves of fields that it does not read. */
async function assertReadable(name: string, operations: readonly Operation[], call: ToolCall): Promise<void> {
  assertCovered(call.services.grants.get(name), operations)
  const readable = readableOf(name, call)
  for (const { move } of operations.flatMap(movedBy)) await readable.field(move.object, move.field)
}

async function movesOf(operations: readonly Operation[], { services, count }: ToolCall): Promise<Moved[]> {
  const moved: Moved[] = []
  for (const operation of operations) {
    for (const { move, to: survivor } of movedBy(operation)) {
      const { childRelationships } = await services.schemas.of(objectOf(operation), count)
      const child = childRelationships.find(
        ({ childSObject, field }) => childSObject === move.object && field === move.field,
      )
      moved.push({ survivor, move, relationship: child?.relationshipName ?? null })
    }
  }
  return moved
}

async function recordQueries(
  operations: readonly Operation[],
  created: Record<string, string>,
  moves: readonly Moved[],
  grant: Grant,
  { services, count }: ToolCall,
): Promise<{ queries: Query[]; types: FieldTypes; computed: Record<string, string[]> }> {
  const queries: Query[] = []
  const types: FieldTypes = {}
  const computed: Record<string, string[]> = {}
  for (const [object, ids] of idsByObject(operations, created)) {
    const schema = await services.schemas.of(object, count)
    const children = distinctNames(
      moves.filter(({ survivor }) => ids.has(survivor)).flatMap(({ relationship }) => relationship ?? []),
    )
    const subqueries = children.map((child) => `(SELECT Id FROM ${child} WHERE IsDeleted = false)`)
    const fields = grantedFields(schema, grant, operations)
    const selected = [...fields, ...subqueries].join(', ')
    types[schema.name] = typesOf(fields, schema)
    computed[schema.name] = fields.filter((name) => schema.field(name)?.calculated)
    queries.push({ soql: `SELECT ${selected} FROM ${object} WHERE Id IN ${idList(ids)}`, all: true })
  }
  for (const { move, relationship } of moves) {
    if (relationship !== null || !('ids' in move) || move.ids.length === 0) continue
    queries.push({ soql: `SELECT Id, ${move.field} FROM ${move.object} WHERE Id IN ${idList(move.ids)}` })
  }
  return { queries, types, computed }
}

/** By the names that the org's rows carry. */
function typesOf(fields: readonly string[], schema: ObjectSchema): FieldTypes[string] {
  const described = fields.flatMap((name) => schema.field(name) ?? [])
  return Object.fromEntries(described.map(({ name, type }) => [name, comparedAs(type)]))
}

function idsByObject(operations: readonly Operation[], created: Record<string, string>): Map<string, Set<string>> {
  const byObject = new Map<string, Set<string>>()
  const add = (object: string, id: string) => byObject.set(object, (byObject.get(object) ?? new Set()).add(id))
  for (const [id, object] of touchedIds(operations)) add(object, id)
  for (const operation of operations) {
    const key = createdBy(operation)
    const id = key === null ? undefined : created[key]
    if (id) add(objectOf(operation), id)
  }
  return byObject
}

/** Moved records that are now the survivor's, each as a record with its lookup; one that is missing did not arrive. */
function withMoved(rows: readonly Row[], moves: readonly Moved[]): RecordValues[] {
  const relationships = distinctNames(moves.flatMap(({ relationship }) => relationship ?? []))
  const records = rows.map((row) =>
    recordOf(row, [], row.Id && moves.some(({ survivor }) => survivor === row.Id) ? relationships : []),
  )
  const arrived = moves.flatMap(({ survivor, move, relationship }): RecordValues[] => {
    if (relationship === null || !('ids' in move)) return []
    const children = records.find(({ id }) => id === survivor)?.children?.[relationship]?.records ?? []
    const here = new Set(children.map(({ id }) => id))
    return move.ids
      .filter((id) => here.has(id))
      .map((id) => ({ object: move.object, id, values: { Id: id, [move.field]: survivor } }))
  })
  return [...records, ...arrived]
}
