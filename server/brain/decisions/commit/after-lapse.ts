// An approver may no longer approve: nothing was written, that approval alone lapses, and the decision waits for another person.
import type { NewObservation } from '../../domain/run.ts'
import { fit } from '../../domain/say.ts'
import type { PhaseOutcome } from '../../runs/phase.ts'
import type { CommitAnswer } from './commit-outcome.ts'
import type { Round } from '../approval-round.ts'
import { gateStanding, type Standing } from '../eligibility.ts'

/** Approvals of the second stage lapse with those of the first that they followed. */
export function afterLapse(
  { decision, changeSet, approvals }: Pick<Standing, 'decision' | 'changeSet' | 'approvals'>,
  round: Round,
  lapsed: CommitAnswer['lapsed'],
): PhaseOutcome {
  const gone = lapsed.map(({ userId }) => userId)
  const staying = approvals.filter(({ userId }) => !gone.includes(userId))
  const { early } = gateStanding({ decision, changeSet, approvals: staying })
  const users = new Map(decision.rosters.flatMap(({ users: some }) => some).map(({ id, name }) => [id, name]))
  return {
    kind: 'wait',
    for: 'person',
    key: `lapsed-v${round.version}-${round.lapsed}`,
    say: lapsed.map(({ userId, reason }): NewObservation => {
      const who = { text: users.get(userId) ?? userId, record: { object: 'User', id: userId } }
      return { kind: 'noticed', text: fit([who, ` ${reason}; the approval lapsed, nothing was written`]) }
    }),
    within: async (tx) => {
      await tx.lapseApprovals(decision.id, [...new Set([...gone, ...early])])
      await tx.updateDecision(decision.id, { status: 'open', commitsAt: null })
    },
  }
}
