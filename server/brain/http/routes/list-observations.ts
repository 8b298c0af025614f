import { z } from 'zod'
import { listOf, ErasedView, ObservationView } from '../../../contract/http.ts'
import { isCursor } from '../../domain/cursor.ts'
import { Limit } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { erasedView } from '../views/erased.ts'
import { observationView, union, wantedByObservation } from '../views/run-view.ts'
import { seenRun, sightInRun } from '../views/seen-runs.ts'
import { pageOf } from '../views/visible-page.ts'

export const listObservations = route({
  method: 'get',
  path: '/api/v1/runs/{id}/observations',
  summary: 'What a run noticed and did, in order',
  query: z.strictObject({
    after: z.string().max(40).refine(isCursor, 'a cursor').optional(),
    limit: Limit.default(200),
  }),
  answers: listOf(ObservationView).extend({ erased: ErasedView.nullable() }),
  async handle(doors, { caller, param, query }) {
    const { run } = await seenRun(doors, caller, param('id'))
    const rows = await doors.store.observations(run.id, query.after ?? null, query.limit + 1)
    const { items: observations, next } = pageOf(rows, query.limit, ({ cursor }) => cursor)
    const wanted = union(observations.map(wantedByObservation))
    const access = await sightInRun(doors, caller, run, await doors.visibility.readAccessOf(caller.userId, wanted))
    const items = observations.map((observation) => observationView(observation, access))
    return { items, erased: run.erased && erasedView(run.erased), next }
  },
})
