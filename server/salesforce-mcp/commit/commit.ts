// The only code that writes to an org: from a verified change set to what each of its transactions came to.
import { bothStages } from '../../contract/gate/people.ts'
import { isIn } from '../../contract/operations/operation.ts'
import { setTimeout } from 'node:timers/promises'
import type { ToolError } from '../../contract/tool-error.ts'
import type { TransactionOutcome } from '../../contract/tool-shapes.ts'
import { failureOf, ToolFailure, UnclearAnswer } from '../failure/failure.ts'
import type { Committed, ToolCall } from '../services/services.ts'
import { lapsedApprovers } from './approvers.ts'
import { unheld } from './assertions.ts'
import { assertInTime } from './in-time.ts'
import { blockersOf } from './blockers.ts'
import { driftOf, driftOfEvidence } from './drift.ts'
import { unmetGate } from './gate.ts'
import { apartNow, KEPT_APART } from './kept-apart.ts'
import { driftOfChildren } from './moved-children.ts'
import { grantedValues, readOrgNow, type OrgNow } from './org-now.ts'
import type { Row } from '../org/query.ts'
import { outcomeOf, transactionsOf, type Effect, type OrgRefusal, type Transaction } from '../writers/transaction.ts'
import type { States } from '../writers/state.ts'
import { CHANGED_MEANWHILE, voidedFailure } from '../writers/composite.ts'
import { refusedBy, refusedRest, type Standing } from './look-again.ts'
import { receiptOf, receiptQuery, writtenQuery, type Receipt } from '../writers/receipts.ts'
import { standingOutcomes } from './standing-outcomes.ts'
import type { ApprovedChangeSet } from './check-approvals.ts'
import { ownerChangeOptions } from '../writers/owners.ts'
import { WRITERS } from '../writers/writers.ts'

/** A record that is changed between look and write is looked at again this often; then the run waits. */
const LOOKS = 3

/**
 * Writes what was approved, in order, until the first transaction that does not stand. Begun again it finishes what is missing:
 * the composite is guarded by its receipt, the others refuse a repeat by nature. Throws ToolFailure only when nothing of the
 * change set stands.
 */
export async function commit(
  approved: ApprovedChangeSet & { anchor: string | null },
  call: ToolCall,
): Promise<Committed> {
  const { document } = approved
  ownerChangeOptions(document.operations.filter((operation) => isIn('owners', operation)))
  for (let look = 1; look <= LOOKS; look += 1) {
    const result = await commitOnce(approved, call)
    if (!result.transactions.some(({ error }) => error?.code === CHANGED_MEANWHILE)) return result
  }
  throw new ToolFailure('locked', 'a record of the change set is being changed again and again')
}

async function commitOnce(approved: ApprovedChangeSet & { anchor: string | null }, call: ToolCall): Promise<Committed> {
  const { document } = approved
  const { receipt, states, relationships, activations, isUndoing } = await before(approved, call)
  const transactions = transactionsOf({ ...approved, approvers: userIds(approved) }, states)
  if (receipt?.voided) throw voidedFailure()
  if (receipt) return resume(approved, transactions, { receipt, states, relationships }, call)
  if (approved.expired) throw new ToolFailure('refused', `the decision expired at ${document.expiresAt}`)
  call.services.grants.assertActive(approved.grant, activations)
  if (document.undoes !== undefined && !isUndoing) throw notUndoing(document.undoes)
  if (!isUndoing) assertInTime(document, approved.grant, call.services.now())
  const refused = await refusedNow(approved, { states, relationships }, call)
  if (refused) return { ...refused, transactions: transactions.map((each) => outcomeOf(each, 'notSent')) }
  const values = grantedValues(states, document.operations, approved.grant)
  return { ...NOTHING_AGAINST, before: values, ...(await writeAll(approved, transactions, [], call)) }
}

/** In the place of a gate line's index: it is no line that blocks. */
const NO_LINE = -1
const BEFORE_OTHERS = 'approved before those who are asked first'

const userIds = ({ approvers }: ApprovedChangeSet) => approvers.map(({ userId }) => userId)

type Reasons = Omit<Committed, 'transactions'>
const NOTHING_AGAINST: Reasons = { drift: [], gate: null, lapsed: [] }

/** Why what was approved may not be written as the org is now; null when it may. */
async function refusedNow(
  { document, grant, approvers, early }: ApprovedChangeSet,
  { states, relationships }: Omit<OrgNow, 'others'>,
  { services }: ToolCall,
): Promise<Reasons | null> {
  const { operations, base, gate } = document
  const children = driftOfChildren(operations, states, relationships)
  const drift = [
    ...driftOf(operations, base, states),
    ...driftOfEvidence(document, states),
    ...children.map((found) => ({ ...found, by: null, at: null })),
  ]
  if (drift.length > 0) return { ...NOTHING_AGAINST, drift }
  const blockers = blockersOf(operations, states)
  if (blockers.length > 0) throw new ToolFailure('refused', blockers.map(({ sentence }) => sentence).join(' '))
  const asserted = unheld(document, states, services.now())
  if (asserted.length > 0) return { ...NOTHING_AGAINST, unheld: asserted }
  const unmet = unmetGate(grant, document, states)
  if (unmet) return { ...NOTHING_AGAINST, gate: unmet }
  if ((await apartNow(operations, services)).length > 0)
    return { ...NOTHING_AGAINST, gate: { block: KEPT_APART, line: NO_LINE } }
  const left = await lapsedApprovers(approvers, bothStages(gate), services)
  const lapsed = [...left, ...early.map((userId) => ({ userId, reason: BEFORE_OTHERS }))]
  return lapsed.length > 0 ? { ...NOTHING_AGAINST, lapsed } : null
}

interface OrgBefore extends Omit<OrgNow, 'others'> {
  receipt: Receipt | null
  /** The register's rows of the mission. */
  activations: readonly Row[]
  /** The org holds a receipt of the decision that the change set puts back. */
  isUndoing: boolean
}

/** The org right before the first write, and whether this change set was begun earlier. */
async function before({ document, digest, grant }: ApprovedChangeSet, call: ToolCall): Promise<OrgBefore> {
  const { namespace, writes, grants } = call.services
  writes.assertOn()
  const { undoes } = document
  const asked = [
    receiptQuery(namespace, digest),
    grants.lookingAgain(grant),
    ...(undoes === undefined ? [] : [writtenQuery(namespace, undoes, grant.mission)]),
  ]
  const { others, ...now } = await readOrgNow(call, document, grant, asked)
  return {
    ...now,
    receipt: receiptOf(namespace, others[0]?.rows[0]),
    activations: others[1]?.rows ?? [],
    isUndoing: (others[2]?.rows ?? []).length > 0,
  }
}

const notUndoing = (decision: string): ToolFailure =>
  new ToolFailure('refused', `the org holds no receipt of ${decision}, which this is to put back`, { isBreach: true })

/** The receipt proves that the first transaction stands; of the others, those that do not stand yet are written. */
async function resume(
  approved: ApprovedChangeSet,
  transactions: Transaction[],
  { receipt, ...now }: Omit<OrgBefore, 'activations' | 'isUndoing'> & { receipt: Receipt },
  call: ToolCall,
): Promise<Committed> {
  const begun = await standingOutcomes(transactions, receipt, call)
  const missing = transactions.filter(({ planned }) => !begun.some(({ n }) => n === planned.n))
  const refused = await refusedBy(approved, operationsOf(missing), now, standingOf(transactions, begun), call)
  const written = refused
    ? { transactions: missing.map((each) => outcomeOf(each, 'notSent')), ...refused }
    : await writeAll(approved, missing, begun, call)
  const outcomes = [...begun, ...written.transactions].sort((a, b) => a.n - b.n)
  return { ...NOTHING_AGAINST, ...written, transactions: outcomes }
}

/** What the transactions came to, and why the rest was not sent when others changed what it rests on. */
type Written = Pick<Committed, 'transactions'> & Partial<Pick<Committed, 'drift' | 'gate'>>

/**
 * `begun` are the outcomes that an earlier commit left, whose states were read for this one. Before each further request the org is
 * looked at again.
 */
async function writeAll(
  approved: ApprovedChangeSet,
  missing: readonly Transaction[],
  begun: readonly TransactionOutcome[],
  call: ToolCall,
): Promise<Written> {
  const all = transactionsOf({ ...approved, anchor: null, approvers: [] }, new Map())
  const outcomes: TransactionOutcome[] = []
  const of = Math.max(0, ...missing.map(({ planned }) => planned.n))
  let after: States | null = null
  for (const [index, transaction] of missing.entries()) {
    const { n } = transaction.planned
    const rest = missing.slice(index)
    if (outcomes.length > 0) {
      const standing = standingOf(all, [...begun, ...outcomes])
      const seen = { standing, after, rest: operationsOf(rest) }
      const refused = await lookedAt(() => refusedRest(approved, transaction, seen, call), { step: n, of })
      if (refused) return { ...refused, transactions: [...outcomes, ...rest.map((each) => outcomeOf(each, 'notSent'))] }
    }
    const standing = begun.length + outcomes.length > 0 ? { step: n, of } : null
    const { after: left = null, ...outcome } = await writePatiently(transaction, call, standing)
    after = left
    outcomes.push(outcome)
    if (!isStanding(outcome)) {
      return { transactions: [...outcomes, ...rest.slice(1).map((each) => outcomeOf(each, 'notSent'))] }
    }
  }
  return { transactions: outcomes }
}

/** Reading may fail for what time heals: then the run waits with what stands. */
async function lookedAt<T>(look: () => Promise<T>, standing: NonNullable<Waiting>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof ToolFailure && error.retryable) throw waiting(error, standing)
    throw error
  }
}

const operationsOf = (transactions: readonly Transaction[]) => transactions.flatMap(({ operations }) => operations)

function standingOf(transactions: readonly Transaction[], outcomes: readonly TransactionOutcome[]): Standing {
  const standing = outcomes.filter(isStanding)
  return {
    operations: operationsOf(transactions.filter(({ planned }) => standing.some(({ n }) => n === planned.n))),
    created: standing.flatMap(({ created }) => Object.values(created)),
  }
}

/** Set when earlier steps of the change set stand. */
type Waiting = NonNullable<ToolError['waiting']> | null

/**
 * A locked row is tried again while earlier steps stand. A lost answer without a visible effect is sent once more: if the first
 * request is still at work after all, the org refuses the second, by the receipt or by nature. A lost transaction stays `unknown`
 * until its effect shows, even when the second request is refused. Throws what time may heal: the run holds, and a later commit
 * finds by the receipt what stands and writes the rest.
 */
async function writePatiently(transaction: Transaction, call: ToolCall, standing: Waiting): Promise<Sent> {
  let lost: Sent | null = null
  for (const pauseMs of [...call.services.pausesMs, null]) {
    try {
      const outcome = await writeOne(transaction, call)
      if (outcome.status !== 'unknown') return lost && !isStanding(outcome) ? lost : outcome
      if (lost || pauseMs === null) return lost ?? outcome
      lost = outcome
    } catch (error) {
      if (!(error instanceof ToolFailure)) throw error
      if (lost) return lost
      if (!standing) throw error
      if (!error.retryable) return outcomeOf(transaction, 'refused', {}, reasonOf(error))
      if (error.code !== 'locked' || pauseMs === null) throw waiting(error, standing)
    }
    await setTimeout(pauseMs)
  }
  throw new TypeError('the last try has no pause after it')
}

const isStanding = ({ status }: TransactionOutcome): boolean => status === 'written' || status === 'already'

function waiting(error: ToolFailure, standing: NonNullable<Waiting>): ToolFailure {
  const { code, message, orgCode } = error
  return new ToolFailure(code, message, { cause: error, waiting: standing, ...(orgCode !== null && { orgCode }) })
}

const reasonOf = ({ orgCode, code, message }: ToolFailure): OrgRefusal => ({
  code: orgCode ?? code,
  message,
  fields: [],
})

/** Throws ToolFailure when it was not sent, or refused for what time may heal: nothing of it stands. */
async function writeOne(transaction: Transaction, call: ToolCall): Promise<Sent> {
  try {
    const result = await WRITERS[transaction.planned.kind].write(transaction, call)
    if ('status' in result) return { ...outcomeOf(transaction, result.status, result), ...withAfter(result) }
    return await refused(transaction, result, call)
  } catch (error) {
    if (!(error instanceof UnclearAnswer || (error instanceof ToolFailure && error.code === 'unavailable'))) throw error
    return unclear(transaction, error, call)
  }
}

async function refused(transaction: Transaction, error: OrgRefusal, call: ToolCall): Promise<TransactionOutcome> {
  const failure = failureOf(error.code, error.message)
  if (failure.retryable) throw failure
  if (!REPEATED.has(error.code)) return outcomeOf(transaction, 'refused', {}, error)
  const effect = await probed(transaction, call)
  return effect ? outcomeOf(transaction, 'already', effect) : outcomeOf(transaction, 'refused', {}, error)
}

/** With the records that its own answer showed. */
type Sent = TransactionOutcome & Pick<Effect, 'after'>

const withAfter = ({ after }: Effect): Pick<Effect, 'after'> => (after ? { after } : {})

/** Codes with which an org refuses a merge, conversion or restore that was done already. */
const REPEATED = new Set([
  'ENTITY_IS_DELETED',
  'CANNOT_UPDATE_CONVERTED_LEAD',
  'INVALID_CROSS_REFERENCE_KEY',
  'MERGE_FAILED',
  'UNDELETE_FAILED',
])

/**
 * The result of the request is unknown. An effect that shows is proof; its absence is none, for the org may still be at work until
 * its longest transaction has passed, so the outcome is `unknown` and a later commit of the same approvals settles it.
 */
async function unclear(transaction: Transaction, error: ToolFailure, call: ToolCall): Promise<TransactionOutcome> {
  const effect = await probed(transaction, call)
  if (effect) return outcomeOf(transaction, 'written', effect)
  return outcomeOf(transaction, 'unknown', {}, reasonOf(error))
}

async function probed(transaction: Transaction, call: ToolCall) {
  try {
    return await WRITERS[transaction.planned.kind].probe(transaction, call)
  } catch (error) {
    if (error instanceof ToolFailure) return null
    throw error
  }
}
