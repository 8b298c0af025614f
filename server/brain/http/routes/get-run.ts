import { RunView } from '../../../contract/http.ts'
import { route } from '../requests/route.ts'
import { runView } from '../views/run-view.ts'
import { seenRun } from '../views/seen-runs.ts'

export const getRun = route({
  method: 'get',
  path: '/api/v1/runs/{id}',
  summary: 'A run: where it stands, what it cost, and its verdict',
  answers: RunView,
  async handle(doors, { caller, param }) {
    const { run, access } = await seenRun(doors, caller, param('id'))
    return runView(run, access)
  },
})
