import { listOf, RationaleView } from '../../../contract/http.ts'
import { NotFound } from '../../domain/errors.ts'
import { recordIdOf } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { mergedInto, rationaleOf } from '../views/rationale.ts'

export const explainRecord = route({
  method: 'get',
  path: '/api/v1/records/{recordId}/rationale',
  summary:
    'Why this record changed: every mission that changed it, newest first; also for a record that was merged away',
  answers: listOf(RationaleView),
  async handle(doors, { caller, param }) {
    const recordId = recordIdOf(param('recordId'))
    const runs = await doors.store.runsThatChanged(recordId)
    const survivors = await mergedInto(doors, runs, recordId)
    const access = await doors.visibility.readAccessOf(caller.userId, { records: [recordId, ...survivors], fields: [] })
    if (![recordId, ...survivors].some((id) => access.record(id))) throw new NotFound('record')
    const items = await Promise.all(runs.map((run) => rationaleOf(doors, caller, run, recordId)))
    return { items: items.filter((item) => item !== null), next: null }
  },
})
