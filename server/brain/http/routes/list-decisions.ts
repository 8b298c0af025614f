import { z } from 'zod'
import { listOf, DecisionSummary, ErasedDecision } from '../../../contract/http.ts'
import { DecisionStatus, Risk } from '../../../contract/states.ts'
import { decisionSummary } from '../../decisions/view/decision-view.ts'
import { Limit, OwnId, RecordId } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { erasedDecisions } from '../views/erased.ts'
import { seenDecisions } from '../views/seen-decisions.ts'

export const listDecisions = route({
  method: 'get',
  path: '/api/v1/decisions',
  summary: 'Decisions, newest first',
  query: z.strictObject({
    status: DecisionStatus.optional(),
    record: RecordId.optional(),
    risk: Risk.optional(),
    mission: z.string().max(80).optional(),
    before: OwnId.optional(),
    limit: Limit,
  }),
  answers: listOf(DecisionSummary).extend({ erased: z.array(ErasedDecision) }),
  async handle(doors, { caller, query }) {
    const { risk, ...filter } = query
    const decisions = await doors.store.decisions(filter)
    const next = decisions.length === query.limit ? (decisions.at(-1)?.id ?? null) : null
    const ids = decisions.map(({ id }) => id)
    const seen = await seenDecisions(doors, caller, ids, query.record)
    const items = seen.map(({ facts, access }) => decisionSummary(facts, access))
    const erased = risk ? [] : await erasedDecisions(doors, caller, decisions)
    return { items: risk ? items.filter((item) => item.risk === risk) : items, erased, next }
  },
})
