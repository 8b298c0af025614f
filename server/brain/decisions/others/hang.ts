// One open question per set of records: a run that would ask the same hangs on the decision that is open, and asks nothing.
import { hasEnded } from '../../../contract/states.ts'
import { QuestionOpen } from '../../domain/errors.ts'
import type { Proposal } from '../../domain/proposal.ts'
import type { NewObservation } from '../../domain/run.ts'
import type { PhaseContext, PhaseOutcome, PhaseTx } from '../../runs/phase.ts'
import { mergedBy, openQuestions } from './open-questions.ts'

const KEY = 'hangs-on-'
/** Keys of what is said of how the world was: a replay has none of it. */
const SAID_OF_THE_WORLD = 'hold:'
/** A run that hangs is woken when the decision ends; should that be lost, it looks for itself. */
const LOOK_SECONDS = 600

/** The outcome while another decision about the same records is open, or once it has ended; null when the run may ask. */
export async function hanging(context: PhaseContext, proposal: Proposal): Promise<PhaseOutcome | null> {
  const { run, reads } = context
  const journal = await reads.journal(run.id)
  const known = journal.find(({ phase, key }) => phase === 'decide' && key.startsWith(KEY))
  const on = known ? known.key.slice(KEY.length) : await sameQuestion(context, proposal)
  if (on === null) return null
  await context.ask(`${KEY}${on}`, null, () => Promise.resolve({ records: mergedBy(proposal.operations) }))
  return (await endOf(context, on, proposal)) ?? waitOn(context, on, proposal)
}

/** Throws QuestionOpen when a decision about the same records was opened since the run looked; others wait until this ends. */
export async function assertOnlyQuestion(tx: PhaseTx, runId: string, proposal: Proposal): Promise<void> {
  const merged = mergedBy(proposal.operations)
  if (merged.length === 0 || proposal.undoes) return
  await tx.lockExclusively('open a question about records')
  if (await firstAbout(tx, merged, runId)) throw new QuestionOpen()
}

async function sameQuestion({ reads, run }: PhaseContext, proposal: Proposal): Promise<string | null> {
  const merged = mergedBy(proposal.operations)
  return merged.length === 0 || proposal.undoes ? null : firstAbout(reads, merged, run.id)
}

async function firstAbout(
  reads: Pick<PhaseContext['reads'], 'decisions' | 'changeSet' | 'runsById'>,
  merged: readonly string[],
  ownRun: string,
): Promise<string | null> {
  const open = await openQuestions(reads, merged, ownRun)
  const same = open.find(({ changeSet }) => mergedBy(changeSet.proposal.operations).some((id) => merged.includes(id)))
  return same?.decision.id ?? null
}

function waitOn({ run }: PhaseContext, on: string, { operations, subject }: Proposal): PhaseOutcome {
  const records = mergedBy(operations).map((id) => ({ object: mergedObject(operations), id }))
  return {
    kind: 'wait',
    for: 'timer',
    dueInSeconds: LOOK_SECONDS,
    key: `${SAID_OF_THE_WORLD}${KEY}${on}`,
    say: [
      {
        kind: 'waited',
        text: ['The same records are asked about already; it waits for that answer'],
        records: [subject],
      },
    ],
    // The end of that decision finds it by them.
    within: (tx) => tx.linkRecords(run.id, records),
  }
}

const mergedObject = (operations: Proposal['operations']): string =>
  operations.flatMap((operation) => (operation.kind === 'merge' ? [operation.object] : []))[0] ?? ''

/** Null while the decision is open or being written. */
async function endOf(context: PhaseContext, on: string, proposal: Proposal): Promise<PhaseOutcome | null> {
  const { reads, run } = context
  const decision = await reads.decision(on)
  if (decision?.status === 'open') return null
  const asking = decision && (await reads.run(decision.runId))
  if (asking && !hasEnded(asking.status)) return null
  const isAnswered =
    decision?.status === 'expired' || (decision?.status === 'rejected' && !(await isKeptApart(context, on)))
  if (isAnswered)
    return over([{ kind: 'concluded', text: [ANSWERED[decision.status] ?? ''], records: [proposal.subject] }])
  const end = over([
    { kind: 'concluded', text: ['That decision has ended; a new run looks again'], records: [proposal.subject] },
  ])
  return {
    ...end,
    within: async (tx) => {
      await tx.updateRun(run.id, { retrigger: true })
    },
  }
}

const ANSWERED: Record<string, string> = {
  expired: 'The question about these records was not answered in time; nothing is asked again',
  rejected: 'A person rejected this for these records; nothing is asked again',
}

/** A person said that they are not the same: the next run knows it, and may propose something else. */
async function isKeptApart({ reads }: PhaseContext, decisionId: string): Promise<boolean> {
  const answers = await reads.approvals(decisionId)
  return answers.some(({ verb, voided, reason }) => verb === 'reject' && !voided && reason === 'not-the-same')
}

function over(say: readonly NewObservation[]): Extract<PhaseOutcome, { kind: 'finish' }> {
  return { kind: 'finish', verdict: 'nothing to do', result: { decision: null }, say }
}
