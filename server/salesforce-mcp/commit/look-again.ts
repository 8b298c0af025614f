// Between the transactions of one commit: what others changed since it began, apart from what the commit wrote itself.
import type { SealedDocument } from '../../contract/change-set.ts'
import { closedBy, endedBy, setBy, type Operation } from '../../contract/operations/operation.ts'
import type { Drift } from '../../contract/tool-shapes.ts'
import { onlyFormattingDiffers, sameValue, type FieldValue } from '../../contract/values/field-value.ts'
import { millisOf } from '../../contract/values/instant.ts'
import type { Committed, ToolCall } from '../services/services.ts'
import { isGone, type RecordState, type States } from '../writers/state.ts'
import type { Transaction } from '../writers/transaction.ts'
import type { ApprovedChangeSet } from './check-approvals.ts'
import { driftOf, driftOfEvidence } from './drift.ts'
import { unmetGate } from './gate.ts'
import { driftOfChildren } from './moved-children.ts'
import { readOrgNow, type OrgNow } from './org-now.ts'

/** What of the change set stands already. */
export interface Standing {
  operations: readonly Operation[]
  /** Ids of the records it created. */
  created: readonly string[]
}

type Reasons = Pick<Committed, 'drift' | 'gate'>
type Seen = Omit<OrgNow, 'others'>

/**
 * Why the rest of a change set may not be written although a part of it stands; null when it may. `after` are the records as the
 * transaction before showed them: enough for owner changes. Otherwise the org is read as it is right before the request, one call.
 */
export async function refusedRest(
  approved: Pick<ApprovedChangeSet, 'document' | 'grant'>,
  { planned, operations }: Transaction,
  { standing, after, rest }: { standing: Standing; after: States | null; rest: readonly Operation[] },
  call: ToolCall,
): Promise<Reasons | null> {
  const { document, grant } = approved
  if (planned.kind === 'owners' && after) {
    // The evidence was not read along with them.
    const { evidence: _unread, ...ofOwners } = document
    const seen = { states: after, relationships: [] }
    const drift = await driftMeanwhile(ofOwners, operations, seen, standing, call)
    return drift.length > 0 ? { drift, gate: null } : null
  }
  const now = await readOrgNow(call, document, grant)
  return refusedBy(approved, rest, now, standing, call)
}

/** The same from what was read already. */
export async function refusedBy(
  { document, grant }: Pick<ApprovedChangeSet, 'document' | 'grant'>,
  rest: readonly Operation[],
  now: Seen,
  standing: Standing,
  call: ToolCall,
): Promise<Reasons | null> {
  const drift = await driftMeanwhile(document, rest, now, standing, call)
  if (drift.length > 0) return { drift, gate: null }
  const gate = unmetGate(grant, document, withoutOwnWrites(now.states, standing.operations))
  return gate ? { drift: [], gate } : null
}

async function driftMeanwhile(
  document: SealedDocument,
  rest: readonly Operation[],
  { states, relationships }: Seen,
  standing: Standing,
  { services }: ToolCall,
): Promise<Drift[]> {
  const { base } = document
  const { userId } = await services.writer.session()
  const evidence = driftOfEvidence(document, states).filter(({ id }) => {
    const state = states.get(id)
    return !state || isEditedByOther(state, base[id] ?? null, userId)
  })
  const values = driftOf(rest, null, states).filter((found) => !isOwnWrite(found, standing.operations))
  const records = rest.flatMap((operation) => [
    ...endedBy(operation).map(({ record }) => record),
    ...closedBy(operation),
  ])
  const changed = records.flatMap(({ object, id }): Drift[] => {
    const state = states.get(id)
    const was = base[id] ?? null
    if (!state || isGone(state) || !isEditedByOther(state, was, userId)) return []
    const { SystemModstamp: now = null } = state.values
    return [{ id, object, field: 'SystemModstamp', was, now, ...lastEdit(state) }]
  })
  const children = driftOfChildren(rest, states, relationships).filter(({ id }) => !standing.created.includes(id))
  return [...values, ...changed, ...evidence, ...children.map((found) => ({ ...found, by: null, at: null }))]
}

/** The value that an earlier transaction of this change set wrote, perhaps formatted by the org. */
function isOwnWrite({ id, field, now, as }: Drift, standing: readonly Operation[]): boolean {
  const own = standing.flatMap(setBy).findLast((set) => set.record?.id === id && set.field === field)
  return own !== undefined && (sameValue(own.to, now, as ?? null) || onlyFormattingDiffers(own.to, now))
}

/**
 * An earlier transaction sets the stamps of what it wrote, and automation after it runs as the writing user. What the org changes by
 * itself, e.g. a roll-up, moves `SystemModstamp` alone.
 */
function isEditedByOther({ values }: RecordState, base: string | null, writerId: string): boolean {
  const [then, edited] = [base, values.LastModifiedDate].map((time) =>
    typeof time === 'string' ? millisOf(time) : null,
  )
  if (typeof then !== 'number' || typeof edited !== 'number') return true
  return edited > then && values.LastModifiedById !== writerId
}

function lastEdit({ values }: RecordState): Pick<Drift, 'by' | 'at'> {
  const by = values['LastModifiedBy.Name'] ?? values.LastModifiedById ?? null
  const at = values.LastModifiedDate ?? null
  return { by: by === null ? null : String(by), at: at === null ? null : String(at) }
}

/** The records with the values that were approved in place of those written since: a change set does not raise its own gate. */
function withoutOwnWrites(states: States, standing: readonly Operation[]): States {
  const before = new Map<string, Record<string, FieldValue>>()
  for (const { record, field, from } of standing.flatMap(setBy)) {
    if (record) before.set(record.id, { [field]: from ?? null, ...before.get(record.id) })
  }
  const restored = <R extends { id: string; values: Record<string, FieldValue> }>(row: R): R => ({
    ...row,
    values: { ...row.values, ...before.get(row.id) },
  })
  return new Map(
    [...states].map(([id, state]): [string, RecordState] => {
      const children = Object.entries(state.children ?? {}).map(
        ([name, { total, records }]) => [name, { total, records: records.map(restored) }] as const,
      )
      return [id, { ...restored(state), ...(state.children && { children: Object.fromEntries(children) }) }]
    }),
  )
}
