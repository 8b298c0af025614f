// The child records of merged-away records: what the gate and the card counted, compared with what a merge would move now.
import type { Grant } from '../../contract/grant.ts'
import { DEALS } from '../../contract/gate/facts.ts'
import {
  endedBy,
  isIn,
  movedBy,
  type KindIn,
  type Operation,
  type OperationOf,
} from '../../contract/operations/operation.ts'
import type { Drift } from '../../contract/tool-shapes.ts'
import type { ObjectSchema } from '../org/describe.ts'
import { idList, type Query } from '../org/query.ts'
import type { States } from '../writers/state.ts'

type Merge = OperationOf<KindIn<'merge'>>
type Child = ObjectSchema['childRelationships'][number]

/** A merge leaves the loser's team behind. */
const STAYS = new Set(['AccountTeamMembers'])
const RELATIONS = 'AccountContactRelations'
/** A run reads at most this many of one relationship: of more, only those it knew can be compared. */
const READ_AT_MOST = 200
/** Parent-to-child subqueries that one query takes. */
const SUBQUERIES = 20

/** Relationships whose records the grant reads and a merge moves. */
export function movingRelationships(grant: Pick<Grant, 'reads'>, schema: ObjectSchema): Child[] {
  return schema.childRelationships
    .filter(({ childSObject, field, relationshipName }) => {
      const reads = grant.reads[childSObject]
      return relationshipName !== null && !STAYS.has(relationshipName) && reads?.includes(field) === true
    })
    .slice(0, SUBQUERIES)
}

/** Every moving child of the records that merges end, with what the gate rests on; null when nothing is merged. */
export function childrenQuery(
  grant: Pick<Grant, 'reads'>,
  schema: ObjectSchema,
  operations: readonly Operation[],
): Query | null {
  const losers = mergesOf(operations).flatMap(({ losers: some }) => some)
  if (losers.length === 0) return null
  const subqueries = movingRelationships(grant, schema).map(({ relationshipName }) => {
    const fields =
      relationshipName === DEALS.relationship ? DEALS.fields : relationshipName === RELATIONS ? ['IsDirect'] : []
    return `(SELECT ${['Id', ...fields].join(', ')} FROM ${relationshipName})`
  })
  if (subqueries.length === 0) return null
  return { soql: `SELECT ${['Id', ...subqueries].join(', ')} FROM ${schema.name} WHERE Id IN ${idList(losers)}` }
}

export const mergesOf = (operations: readonly Operation[]): Merge[] =>
  operations.filter((operation): operation is Merge => isIn('merge', operation))

/** Children that came or went since the change set was composed. `relationships` are those that were read. */
export function driftOfChildren(
  operations: readonly Operation[],
  states: States,
  relationships: readonly Child[],
): Omit<Drift, 'by' | 'at'>[] {
  const removed = new Set(
    operations.flatMap(endedBy).flatMap(({ record, mergedInto }) => (mergedInto ? [] : [record.id])),
  )
  return mergesOf(operations).flatMap((merge) => {
    const expected = expectedIds(merge)
    return relationships.flatMap(({ childSObject: object, field, relationshipName }) => {
      const key = `${object}.${field}`
      const known = expected.get(key) ?? new Set()
      const found = new Map(
        merge.losers.flatMap((loser) =>
          childIds(states, loser, relationshipName ?? '').map((id) => [id, loser] as const),
        ),
      )
      const isWhole = merge.losers.every((loser) => isKnownWhole(states, loser, relationshipName ?? '', known.size))
      const came = isWhole ? [...found].filter(([id]) => !known.has(id) && !removed.has(id)) : []
      const gone = [...known].filter((id) => !found.has(id))
      return [
        ...came.map(([id, now]) => ({ id, object, field, was: null, now })),
        ...(isWhole ? gone.map((id) => ({ id, object, field, was: merge.losers[0] ?? null, now: null })) : []),
      ]
    })
  })
}

function expectedIds(merge: Merge): Map<string, Set<string>> {
  const expected = new Map<string, Set<string>>()
  for (const { move } of movedBy(merge)) {
    if (!('ids' in move)) continue
    const key = `${move.object}.${move.field}`
    expected.set(key, new Set([...(expected.get(key) ?? []), ...move.ids]))
  }
  return expected
}

/** A direct contact relation follows its contact by itself. */
function childIds(states: States, loser: string, relationship: string): string[] {
  const records = states.get(loser)?.children?.[relationship]?.records ?? []
  return records.flatMap(({ id, values }) => (values.IsDirect === true ? [] : [id]))
}

/** Both sides saw every child: the run read fewer than its limit, the org's answer fits one page. */
function isKnownWhole(states: States, loser: string, relationship: string, known: number): boolean {
  const children = states.get(loser)?.children?.[relationship]
  return children !== undefined && children.records.length === children.total && known < READ_AT_MOST
}
