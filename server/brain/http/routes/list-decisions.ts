import { z } from 'zod'
import { listOf, DecisionSummary, ErasedDecision } from '../../../contract/http.ts'
import { DecisionStatus, Risk } from '../../../contract/states.ts'
import { Limit, MissionName, OwnId, RecordId } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { visibleDecisions } from '../views/visible-decisions.ts'

export const listDecisions = route({
  method: 'get',
  path: '/api/v1/decisions',
  summary: 'Decisions, newest first',
  query: z.strictObject({
    status: DecisionStatus.optional(),
    record: RecordId.optional(),
    risk: Risk.optional(),
    mission: MissionName.optional(),
    before: OwnId.optional(),
    limit: Limit,
  }),
  answers: listOf(DecisionSummary).extend({ erased: z.array(ErasedDecision) }),
  handle: (doors, { caller, query }) => visibleDecisions(doors, caller, query),
})
