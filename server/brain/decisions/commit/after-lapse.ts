// An approver may no longer approve: nothing was written, that approval alone lapses, and the decision waits for another person.
import type { Decision } from '../../domain/decision.ts'
import type { NewObservation } from '../../domain/run.ts'
import { fit } from '../../domain/say.ts'
import type { PhaseOutcome } from '../../runs/phase.ts'
import type { CommitAnswer } from './commit-outcome.ts'
import type { Round } from '../approval-round.ts'

export function afterLapse(decision: Decision, round: Round, lapsed: CommitAnswer['lapsed']): PhaseOutcome {
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
      await tx.lapseApprovals(
        decision.id,
        lapsed.map(({ userId }) => userId),
      )
      await tx.updateDecision(decision.id, { status: 'open', commitsAt: null })
    },
  }
}
