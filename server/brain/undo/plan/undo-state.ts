// Whether a decision can be undone now: one answer for the screen and for the door.
import type { Decision } from '../../domain/decision.ts'
import type { Run } from '../../domain/run.ts'

/** One of these lets a person ask for an undo: it is a launch, and whoever decides may ask for one too. */
export const UNDO_PERMISSIONS = ['Decide_Missions', 'Launch_Missions', 'Administer_Missions'] as const

const OPEN = ['running', 'waiting', 'held', 'paused']

const isOpen = ({ status }: Pick<Run, 'status'>) => OPEN.includes(status)

/** Why this decision cannot be undone now; null when it can. `last` is the run of the undo that was asked for last. */
export function whyNotUndone(decision: Pick<Decision, 'id'>, run: Run, last: Run | null): string | null {
  if (isOpen(run) || run.decisionId !== decision.id) return 'Nothing was written yet, so there is nothing to undo.'
  if (run.erased) return 'The contents of this were erased: nobody can tell any more what to put back.'
  if (run.verdict === 'undone') return 'This is undone already.'
  if (run.verdict === 'unknown') return 'It is not known what was written: a person has to look at the records first.'
  if (!run.verdict || !['verified', 'differs', 'partly'].includes(run.verdict))
    return 'Nothing was written, so there is nothing to undo.'
  return last && isOpen(last) ? 'An undo of this is open already.' : null
}
