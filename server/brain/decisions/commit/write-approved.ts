// Having an approved change set written: asked once, and while its outcome is unclear, once more at each wake-up.
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { SalesforceError } from '../../domain/errors.ts'
import { WRITE_KEY } from '../../domain/run.ts'
import type { PhaseContext } from '../../runs/phase.ts'
import type { DecidingDeps } from '../deps.ts'
import { roundName, roundOf, type Round } from '../approval-round.ts'
import { countedApprovals } from '../eligibility.ts'
import { nextStep, type CommitAsk } from './commit-asks.ts'
import { commitStatus, sayCommit, type CommitAnswer } from './commit-outcome.ts'

/** Approvals sent with a commit at most. */
const MOST_APPROVALS = 20

const anchorKey = (round: Round): string => `anchor-${roundName(round).slice(WRITE_KEY.length)}`

/** Journal key of the n-th ask of a round, counted from 1. */
const askKey = (round: Round, n: number): string => (n === 1 ? roundName(round) : `${roundName(round)}-ask-${n}`)

/** Number of asks of a round that were answered when the phase was woken. */
export async function asksAnswered({ reads, run }: PhaseContext, round: Round): Promise<number> {
  const journal = await reads.journal(run.id)
  const keys = new Set(journal.flatMap(({ phase, key }) => (phase === 'commit' ? [key] : [])))
  let answered = 0
  while (keys.has(askKey(round, answered + 1))) answered += 1
  return answered
}

/**
 * The outcome of the change set, with the values before its first write. salesforce-mcp finds by receipts what stands already, so the same may be asked again. The journal
 * up to here is signed first, and the receipt carries that checkpoint to the org. Throws SalesforceError `unavailable`, so that the
 * run holds, while the outcome is unclear.
 */
export async function writeApproved(
  { store }: Pick<DecidingDeps, 'store'>,
  context: PhaseContext,
  decision: Decision,
  changeSet: ChangeSetVersion,
): Promise<CommitAnswer> {
  const given = await context.reads.approvals(decision.id)
  const round = roundOf(changeSet, given)
  const approvals = countedApprovals({ decision, approvals: given })
    .sort((a, b) => (a.userId < b.userId ? -1 : 1))
    .slice(0, MOST_APPROVALS)
    .map(({ accepted }) => accepted)
  const answeredBefore = await asksAnswered(context, round)
  const anchor = await context.ask(anchorKey(round), null, () => store.checkpoint())
  const input = { leaves: changeSet.leaves, approvals, ...(anchor && { anchor }) }
  const asks: CommitAsk[] = []
  let before: CommitAnswer['before']
  for (let n = 1; ; n += 1) {
    const key = askKey(round, n)
    const at = n === 1 ? null : await context.now(`${key}-at`)
    const asked = (answer: CommitAnswer): CommitAsk => ({ status: commitStatus(answer), at, unclearAt: null })
    const answer = await context.tool(key, 'commitChangeSet', input, (each) =>
      isReported(asks, asked(each)) ? sayCommit(changeSet.proposal, each) : [],
    )
    before ??= answer.before
    const ask = asked(answer)
    const step = nextStep([...asks, ask], answeredBefore)
    if (step === 'settled') return { ...answer, ...(before && { before }) }
    const unclearAt = ask.status === 'unknown' ? await context.now(`${key}-unclear`) : null
    asks.push({ ...ask, unclearAt })
    if (step === 'hold') throw new SalesforceError('commitChangeSet', STILL_UNCLEAR)
  }
}

/** The first answer is reported as it is; a later one when it settles the outcome. */
function isReported(before: readonly CommitAsk[], ask: CommitAsk): boolean {
  if (before.length === 0) return true
  return ask.status !== 'unknown' && nextStep([...before, ask], 0) === 'settled'
}

const STILL_UNCLEAR = {
  code: 'unavailable',
  message: 'the outcome of the write is not known yet',
  orgCode: null,
  retryable: true,
} as const
