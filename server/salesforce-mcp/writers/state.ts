import { type Operation, isIn, setBy } from '../../contract/operations/operation.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { touchedIds } from '../grants/covers.ts'
import type { CallCount } from '../org/calls.ts'
import type { OrgConnection } from '../org/connection.ts'
import type { ObjectSchema, SchemaCache } from '../org/describe.ts'
import { distinctNames } from '../org/names.ts'
import { idList, runQueries, type Query } from '../org/query.ts'
import { recordOf } from '../org/records.ts'

/** A touched record as it is now; deleted records are found as well. */
export interface RecordState extends RecordValues {
  /** An account's relations to contacts, direct ones too, where the org has that feature. */
  relations: { id: string; contactId: string }[]
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

/** The queries that read every touched record with the fields the operations change, and `more` of its object: one per object. */
export async function stateQueries(
  operations: readonly Operation[],
  schemas: SchemaCache,
  count: CallCount,
  more: (schema: ObjectSchema) => readonly string[] = () => [],
): Promise<Query[]> {
  const idsOf = new Map<string, string[]>()
  for (const [id, object] of touchedIds(operations)) idsOf.set(object, [...(idsOf.get(object) ?? []), id])
  const queries: Query[] = []
  for (const [object, ids] of idsOf) {
    const schema = await schemas.of(object, count)
    const telling = TELLING_FIELDS.filter((name) => schema.field(name))
    const related =
      operations.some((operation) => isIn('merge', operation)) &&
      object === 'Account' &&
      schema.children('AccountContactRelations')
    const changed = changedFields(operations, object)
    const fields = distinctNames([...SYSTEM_FIELDS, ...telling, ...changed, ...more(schema)])
    const selected = [...fields, ...(related ? ['(SELECT Id, ContactId FROM AccountContactRelations)'] : [])].join(', ')
    queries.push({ soql: `SELECT ${selected} FROM ${object} WHERE Id IN ${idList(ids)}`, all: true })
  }
  return queries
}

/** Reads the touched records: one API call for up to five objects. */
export async function readStates(
  connection: OrgConnection,
  schemas: SchemaCache,
  operations: readonly Operation[],
  count: CallCount,
): Promise<States> {
  const queries = await stateQueries(operations, schemas, count)
  const results = await runQueries(connection, queries, count)
  return statesOf(results.flatMap(({ rows }) => rows))
}

export function statesOf(rows: readonly Parameters<typeof recordOf>[0][]): States {
  const states: States = new Map()
  for (const row of rows) {
    const { object, id, values, children } = recordOf(row, [], ['AccountContactRelations'])
    const related = children?.AccountContactRelations?.records ?? []
    const relations = related.map((child) => ({ id: child.id, contactId: String(child.values.ContactId) }))
    states.set(id, { object, id, values, relations })
  }
  return states
}

export const isGone = (state: RecordState | undefined) => state === undefined || state.values.IsDeleted === true

function changedFields(operations: readonly Operation[], object: string): string[] {
  const set = operations.flatMap(setBy)
  return set.flatMap(({ record, field }) => (record?.object === object ? [field] : []))
}
