import { DecisionView } from '../../../contract/http.ts'
import { decisionView } from '../../decisions/view/decision-view.ts'
import { route } from '../requests/route.ts'
import { seenDecision } from '../views/seen-decisions.ts'

export const getDecision = route({
  method: 'get',
  path: '/api/v1/decisions/{id}',
  summary: 'A decision: the exact change set, what will run, and what the caller may do. Reading it decides nothing',
  answers: DecisionView,
  async handle(doors, { caller, param }) {
    const first = await seenDecision(doors, caller, param('id'))
    const mayHaveChanged = await doors.receipts.look(first.facts.decision)
    const { facts, access } = mayHaveChanged ? await seenDecision(doors, caller, param('id')) : first
    return decisionView(facts, caller, access)
  },
})
