import { type Operation, isIn, setBy } from '../../contract/operations/operation.ts'
import type { RecordKey } from '../../contract/values/ids.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { UnclearAnswer } from '../failure/failure.ts'
import { touchedIds } from '../grants/covers.ts'
import type { CallCount } from '../org/calls.ts'
import type { OrgConnection } from '../org/connection.ts'
import type { ObjectSchema, SchemaCache } from '../org/describe.ts'
import { distinctNames } from '../org/names.ts'
import { idList, runQueries, type Query, type Row } from '../org/query.ts'
import { recordOf } from '../org/records.ts'

/** A touched record as it is now; deleted records are found as well. */
export interface RecordState extends RecordValues {
  /** An account's relations to contacts, direct ones too, where the org has that feature. */
  relations: { id: string; contactId: string }[]
  /** What the org describes of its object. */
  schema: ObjectSchema
}

export type States = Map<string, RecordState>

const SYSTEM_FIELDS = [
  'Id',
  'SystemModstamp',
  'LastModifiedDate',
  'LastModifiedById',
  'LastModifiedBy.Name',
  'IsDeleted',
]
/** Where these exist they decide whether an operation can be done, or was done already. */
const TELLING_FIELDS = ['OwnerId', 'MasterRecordId', 'IsConverted', 'ParentId', 'IsPersonAccount', 'ConvertedAccountId']

/** An account's parents, up to as many as one query may name: a merge that made an account its own ancestor is refused. */
export const PARENTS_UP = [0, 1, 2, 3, 4, 5].map((up) => `${'Parent.'.repeat(up)}ParentId`)

/** How the touched records are read. */
interface StateReading {
  /** One query per object. */
  queries: Query[]
  /** The states in the rows that the queries found. Throws UnclearAnswer for a row of an object that was not asked for. */
  statesOf(rows: readonly Row[]): States
}

/** Plans the queries for every touched record and those besides, with the fields the operations change, and `more` of its object. */
export async function stateReading(
  operations: readonly Operation[],
  schemas: SchemaCache,
  count: CallCount,
  more: (schema: ObjectSchema) => readonly string[] = () => [],
  besides: readonly RecordKey[] = [],
): Promise<StateReading> {
  const idsOf = new Map<string, string[]>()
  const records = new Map([...besides.map(({ id, object }) => [id, object] as const), ...touchedIds(operations)])
  for (const [id, object] of records) idsOf.set(object, [...(idsOf.get(object) ?? []), id])
  const queries: Query[] = []
  const described = new Map<string, ObjectSchema>()
  for (const [object, ids] of idsOf) {
    const schema = await schemas.of(object, count)
    described.set(schema.name, schema)
    const telling = TELLING_FIELDS.filter((name) => schema.field(name))
    const related =
      operations.some((operation) => isIn('merge', operation)) &&
      object === 'Account' &&
      schema.children('AccountContactRelations')
    const changed = changedFields(operations, object)
    const isMerged = operations.some((operation) => isIn('merge', operation)) && schema.name === 'Account'
    const above = isMerged && schema.field('ParentId') ? PARENTS_UP.slice(1) : []
    const fields = distinctNames([...SYSTEM_FIELDS, ...telling, ...above, ...changed, ...more(schema)])
    const selected = [...fields, ...(related ? ['(SELECT Id, ContactId FROM AccountContactRelations)'] : [])].join(', ')
    queries.push({ soql: `SELECT ${selected} FROM ${object} WHERE Id IN ${idList(ids)}`, all: true })
  }
  return { queries, statesOf: (rows) => statesOf(rows, described) }
}

/** Reads the touched records: one API call for up to five objects. */
export async function readStates(
  connection: OrgConnection,
  schemas: SchemaCache,
  operations: readonly Operation[],
  count: CallCount,
): Promise<States> {
  const reading = await stateReading(operations, schemas, count)
  const results = await runQueries(connection, reading.queries, count)
  return reading.statesOf(results.flatMap(({ rows }) => rows))
}

function statesOf(rows: readonly Row[], described: ReadonlyMap<string, ObjectSchema>): States {
  const states: States = new Map()
  for (const row of rows) {
    const { object, id, values, children } = recordOf(row, [], ['AccountContactRelations'])
    const related = children?.AccountContactRelations?.records ?? []
    const relations = related.map((child) => ({ id: child.id, contactId: String(child.values.ContactId) }))
    const schema = described.get(object)
    if (!schema) throw new UnclearAnswer(`the org sent a row of ${object}, which was not asked for`)
    states.set(id, { object, id, values, relations, schema })
  }
  return states
}

export const isGone = (state: RecordState | undefined) => state === undefined || state.values.IsDeleted === true

function changedFields(operations: readonly Operation[], object: string): string[] {
  const set = operations.flatMap(setBy)
  return set.flatMap(({ record, field }) => (record?.object === object ? [field] : []))
}
