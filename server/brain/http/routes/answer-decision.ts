import type { z } from 'zod'
import { ApproveBody, DecisionSummary, RejectBody, TakeBackBody } from '../../../contract/http.ts'
import { answerDecision, type Answer } from '../../decisions/answers/answer.ts'
import { decisionSummary } from '../../decisions/view/decision-view.ts'
import { route, type RouteRequest } from '../requests/route.ts'
import type { RouteContext } from '../requests/route-context.ts'
import { seenDecision } from '../views/seen-decisions.ts'

type Given = Pick<Answer, 'verb' | 'digest' | 'reason' | 'comment'>

async function take(
  doors: RouteContext,
  asked: RouteRequest<unknown, { decision: string }>,
  given: Given,
): Promise<z.input<typeof DecisionSummary>> {
  const { caller, body } = asked
  const decisionId = asked.param('id')
  const deps = { ...doors, holdSeconds: doors.config.holdSeconds }
  await answerDecision(deps, { ...given, decisionId, caller, token: body.decision })
  doors.counts.answers.inc({ verb: given.verb })
  doors.log.info({ decisionId, userId: caller.userId, verb: given.verb }, 'decision answered')
  const { facts, access } = await seenDecision(doors, caller, decisionId)
  return decisionSummary(facts, access)
}

const shape = { method: 'post', needs: ['Decide_Missions'], answers: DecisionSummary } as const

export const approveDecision = route({
  ...shape,
  path: '/api/v1/decisions/{id}/approve',
  summary: 'Approves exactly the change set with this digest; `decision` is what the org signed',
  body: ApproveBody,
  handle: (doors, asked) => {
    const { digest, comment } = asked.body
    return take(doors, asked, { verb: 'approve', digest, comment })
  },
})

export const rejectDecision = route({
  ...shape,
  path: '/api/v1/decisions/{id}/reject',
  summary: 'Rejects it, with a reason; nothing is changed',
  body: RejectBody,
  handle: (doors, asked) => {
    const { reason, comment } = asked.body
    return take(doors, asked, { verb: 'reject', reason, comment })
  },
})

export const takeBackDecision = route({
  ...shape,
  path: '/api/v1/decisions/{id}/take-back',
  summary: 'Takes an approval back while it is held before the write',
  body: TakeBackBody,
  handle: (doors, asked) => take(doors, asked, { verb: 'take-back' }),
})
