// The only code that writes to an org: from a verified change set to what each of its transactions came to.
import { createdBy, isIn } from '../../contract/operations/operation.ts'
import { setTimeout } from 'node:timers/promises'
import type { TransactionOutcome } from '../../contract/tools.ts'
import { failureOf, ToolFailure, UnclearAnswer } from '../failure/failure.ts'
import type { Committed, ToolCall } from '../services/services.ts'
import { lapsedApprovers } from './approvers.ts'
import { driftOf } from './drift.ts'
import { unmetGate } from './gate.ts'
import { driftOfChildren } from './moved-children.ts'
import { readOrgNow, type OrgNow } from './org-now.ts'
import { outcomeOf, transactionsOf, type OrgRefusal, type Transaction } from '../writers/transaction.ts'
import { receiptOf, receiptQuery, type Receipt } from '../writers/receipts.ts'
import type { ApprovedChangeSet } from './check-approvals.ts'
import { ownerChangeOptions } from '../writers/owners.ts'
import { WRITERS } from '../writers/writers.ts'

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
  const { receipt, states, relationships } = await before(approved, call)
  const transactions = transactionsOf(approved, states)
  if (receipt) return resume(transactions, receipt, call)
  if (approved.expired) throw new ToolFailure('refused', `the decision expired at ${document.expiresAt}`)
  const refused = await refusedNow(approved, { states, relationships }, call)
  if (refused) return { ...refused, transactions: transactions.map((each) => outcomeOf(each, 'notSent')) }
  return { ...NOTHING_AGAINST, transactions: await writeAll(transactions, call) }
}

type Reasons = Omit<Committed, 'transactions'>
const NOTHING_AGAINST: Reasons = { drift: [], gate: null, lapsed: [] }

/** Why what was approved may not be written as the org is now; null when it may. */
async function refusedNow(
  { document, grant, approvers }: ApprovedChangeSet,
  { states, relationships }: Omit<OrgNow, 'others'>,
  { services }: ToolCall,
): Promise<Reasons | null> {
  const { operations, base, gate } = document
  const children = driftOfChildren(operations, states, relationships)
  const drift = [...driftOf(operations, base, states), ...children.map((found) => ({ ...found, by: null, at: null }))]
  if (drift.length > 0) return { ...NOTHING_AGAINST, drift }
  const unmet = unmetGate(grant, document, states)
  if (unmet) return { ...NOTHING_AGAINST, gate: unmet }
  const lapsed = await lapsedApprovers(approvers, gate.rosters, services)
  return lapsed.length > 0 ? { ...NOTHING_AGAINST, lapsed } : null
}

interface OrgBefore extends Omit<OrgNow, 'others'> {
  receipt: Receipt | null
}

/** The org right before the first write, and whether this change set was begun earlier. */
async function before({ document, digest, grant }: ApprovedChangeSet, call: ToolCall): Promise<OrgBefore> {
  const { namespace, writes } = call.services
  writes.assertOn()
  const { others, ...now } = await readOrgNow(call, document.operations, grant, [receiptQuery(namespace, digest)])
  return { ...now, receipt: receiptOf(namespace, others[0]?.rows[0]) }
}

/** The receipt proves that the first transaction stands; of the others, those that do not stand yet are written. */
async function resume(transactions: Transaction[], receipt: Receipt, call: ToolCall): Promise<Committed> {
  const [first, ...rest] = transactions
  if (!first) return { ...NOTHING_AGAINST, transactions: [] }
  const effect = await known(first, call)
  const done = outcomeOf(first, 'already', { ...effect, receiptId: receipt.id })
  const standing = new Map(rest.map((each) => [each.planned.n, WRITERS[each.planned.kind].stands(each)]))
  const missing = rest.filter(({ planned }) => !standing.get(planned.n))
  const drift = driftOf(
    missing.flatMap(({ operations }) => operations),
    null,
    first.states,
  )
  const written =
    drift.length > 0 ? missing.map((each) => outcomeOf(each, 'notSent')) : await writeAll(missing, call, true)
  const outcomes = rest.map((each) => {
    const effectOfEach = standing.get(each.planned.n)
    if (effectOfEach) return outcomeOf(each, 'already', effectOfEach)
    return written.find(({ n }) => n === each.planned.n) ?? outcomeOf(each, 'notSent')
  })
  return { ...NOTHING_AGAINST, transactions: [done, ...outcomes], drift }
}

/** The records that the first transaction created, as far as the org still shows them. */
async function known(transaction: Transaction, call: ToolCall) {
  if (transaction.operations.every((operation) => createdBy(operation) === null)) return {}
  return (await WRITERS.composite.probe(transaction, call)) ?? {}
}

async function writeAll(transactions: Transaction[], call: ToolCall, begun = false): Promise<TransactionOutcome[]> {
  const outcomes: TransactionOutcome[] = []
  for (const transaction of transactions) {
    const stopped = outcomes.some(({ status }) => status !== 'written' && status !== 'already')
    const somethingStands = begun || outcomes.length > 0
    outcomes.push(
      stopped ? outcomeOf(transaction, 'notSent') : await writePatiently(transaction, call, somethingStands),
    )
  }
  return outcomes
}

/**
 * A locked row is tried again, for nothing of the transaction stands. A lost answer without a visible effect is sent once more:
 * if the first request is still at work after all, the org refuses the second, by the receipt or by nature. A lost
 * transaction stays `unknown` until its effect shows, even when the second request is refused.
 */
async function writePatiently(
  transaction: Transaction,
  call: ToolCall,
  somethingStands: boolean,
): Promise<TransactionOutcome> {
  let outcome = await writeOne(transaction, call, somethingStands)
  let lost: TransactionOutcome | null = null
  for (const pauseMs of call.services.pausesMs) {
    const locked = outcome.error?.code === 'UNABLE_TO_LOCK_ROW'
    if (!locked && (outcome.status !== 'unknown' || lost)) break
    if (outcome.status === 'unknown') lost = outcome
    await setTimeout(pauseMs)
    outcome = await writeOne(transaction, call, true)
  }
  const stands = outcome.status === 'written' || outcome.status === 'already'
  return lost && !stands ? lost : outcome
}

async function writeOne(
  transaction: Transaction,
  call: ToolCall,
  somethingStands: boolean,
): Promise<TransactionOutcome> {
  try {
    const result = await WRITERS[transaction.planned.kind].write(transaction, call)
    if ('status' in result) return outcomeOf(transaction, result.status, result)
    return await refused(transaction, result, call, somethingStands)
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    if (error instanceof UnclearAnswer || error.code === 'unavailable') return unclear(transaction, error, call)
    if (!somethingStands) throw error
    const reason = { code: error.orgCode ?? error.code, message: error.message, fields: [] }
    return outcomeOf(transaction, error.code === 'stopped' ? 'notSent' : 'refused', {}, reason)
  }
}

/** A refusal that time may heal is an error while nothing stands: the run holds and asks again. */
async function refused(
  transaction: Transaction,
  error: OrgRefusal,
  call: ToolCall,
  somethingStands: boolean,
): Promise<TransactionOutcome> {
  const failure = failureOf(error.code, error.message)
  if (failure.retryable && !somethingStands) throw failure
  if (!REPEATED.has(error.code)) return outcomeOf(transaction, 'refused', {}, error)
  const effect = await probed(transaction, call)
  return effect ? outcomeOf(transaction, 'already', effect) : outcomeOf(transaction, 'refused', {}, error)
}

/** Codes with which an org refuses a merge or conversion that was done already. */
const REPEATED = new Set([
  'ENTITY_IS_DELETED',
  'CANNOT_UPDATE_CONVERTED_LEAD',
  'INVALID_CROSS_REFERENCE_KEY',
  'MERGE_FAILED',
])

/**
 * The result of the request is unknown. An effect that shows is proof; its absence is none, for the org may still be at work until
 * its longest transaction has passed, so the outcome is `unknown` and a later commit of the same approvals settles it.
 */
async function unclear(transaction: Transaction, error: ToolFailure, call: ToolCall): Promise<TransactionOutcome> {
  const effect = await probed(transaction, call)
  if (effect) return outcomeOf(transaction, 'written', effect)
  const reason = { code: error.orgCode ?? error.code, message: error.message, fields: [] }
  return outcomeOf(transaction, 'unknown', {}, reason)
}

async function probed(transaction: Transaction, call: ToolCall) {
  try {
    return await WRITERS[transaction.planned.kind].probe(transaction, call)
  } catch (error) {
    if (error instanceof ToolFailure) return null
    throw error
  }
}
