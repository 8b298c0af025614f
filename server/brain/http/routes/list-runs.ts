import { z } from 'zod'
import { listOf, RunView } from '../../../contract/http.ts'
import { RunStatus } from '../../../contract/states.ts'
import { Limit, OwnId, RecordId } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { seenRuns } from '../views/seen-runs.ts'

export const listRuns = route({
  method: 'get',
  path: '/api/v1/runs',
  summary: 'Runs, newest first',
  query: z.strictObject({
    mission: z.string().max(80).optional(),
    status: RunStatus.optional(),
    record: RecordId.optional(),
    before: OwnId.optional(),
    limit: Limit,
  }),
  answers: listOf(RunView),
  async handle(doors, { caller, query }) {
    const runs = await doors.store.runs(query)
    const next = runs.length === query.limit ? (runs.at(-1)?.id ?? null) : null
    return { items: await seenRuns(doors, caller, runs, query.record), next }
  },
})
