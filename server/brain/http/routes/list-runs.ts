import { z } from 'zod'
import { listOf, RunView } from '../../../contract/http.ts'
import { RunStatus } from '../../../contract/states.ts'
import type { Run } from '../../domain/run.ts'
import { Limit, MissionName, OwnId, RecordId } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { seenRuns } from '../views/seen-runs.ts'
import { visiblePage } from '../views/visible-page.ts'

export const listRuns = route({
  method: 'get',
  path: '/api/v1/runs',
  summary: 'Runs, newest first',
  query: z.strictObject({
    mission: MissionName.optional(),
    status: RunStatus.optional(),
    record: RecordId.optional(),
    before: OwnId.optional(),
    limit: Limit,
  }),
  answers: listOf(RunView),
  async handle(doors, { caller, query }) {
    return visiblePage<Run, RunView>(query, {
      read: (page) => doors.store.runs({ ...query, ...page }),
      async visible(runs) {
        const views = await seenRuns(doors, caller, runs, query.record)
        return views.map((view) => ({ id: view.id, item: view }))
      },
    })
  },
})
