import { UndoBody, StartedRun } from '../../../contract/http.ts'
import { UNDO_PERMISSIONS } from '../../undo/plan/undo-state.ts'
import { keyOf } from '../requests/launch.ts'
import { route } from '../requests/route.ts'
import { seenDecision } from '../views/seen-decisions.ts'

export const undoDecision = route({
  method: 'post',
  path: '/api/v1/decisions/{id}/undo',
  summary:
    'Starts a run that proposes to put back what this decision wrote. Nothing is changed until people approve that',
  needs: UNDO_PERMISSIONS,
  headers: { 'Idempotency-Key': 'The same key gives the same run' },
  body: UndoBody,
  answers: StartedRun,
  status: 201,
  async handle(doors, { caller, param, body, header }) {
    const { facts } = await seenDecision(doors, caller, param('id'))
    // Keys belong to their user: no caller can use or block the key of another.
    const idempotencyKey = `undo:${caller.userId}:${keyOf(header('idempotency-key'))}`
    const asked = { decisionId: facts.decision.id, reason: body.reason, userId: caller.userId, idempotencyKey }
    const { runId } = await doors.startUndo(asked)
    doors.log.info({ decisionId: facts.decision.id, runId, userId: caller.userId }, 'undo asked for')
    return { runId }
  },
})
