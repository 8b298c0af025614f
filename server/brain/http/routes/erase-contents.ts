import { z } from 'zod'
import { listOf, EraseBody, ErasureView } from '../../../contract/http.ts'
import { eraserWords, type Erasure } from '../../domain/erasure.ts'
import { eraseRecord, eraseRun } from '../../erasure/erase-runs.ts'
import { Limit, OwnId, recordIdOf } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { pageOf } from '../views/visible-page.ts'

const erasureView = ({ by, ...erasure }: Erasure) => ({ ...erasure, by: eraserWords(by) })

export const eraseContents = route({
  method: 'post',
  path: '/api/v1/erasures',
  summary:
    'Destroys, for good, the contents of one run, or of every run that holds something about a record. Chains, times and verdicts stay, and so does the reason given',
  needs: ['Administer_Missions'],
  body: EraseBody,
  answers: ErasureView,
  status: 201,
  async handle(doors, { caller, body }) {
    const asked = { by: { kind: 'person' as const, name: caller.userId }, reason: body.reason }
    const erasure =
      body.record === undefined
        ? await eraseRun(doors, body.run ?? '', asked)
        : await eraseRecord(doors, recordIdOf(body.record), asked)
    doors.log.warn({ erasureId: erasure.id, userId: caller.userId, runs: erasure.runs.length }, 'contents erased')
    // The keys are destroyed already; this vacuums the rows that held them.
    await doors.store
      .clearDeadRows()
      .catch(() => doors.log.warn({ erasureId: erasure.id }, 'dead rows were not cleared'))
    return erasureView(erasure)
  },
})

export const listErasures = route({
  method: 'get',
  path: '/api/v1/erasures',
  summary: 'What was erased, by whom, when and why, newest first',
  needs: ['Administer_Missions', 'Audit_Missions'],
  query: z.strictObject({ before: OwnId.optional(), limit: Limit }),
  answers: listOf(ErasureView),
  async handle(doors, { query }) {
    const rows = await doors.store.erasures({ ...query, limit: query.limit + 1 })
    const { items, next } = pageOf(rows, query.limit, ({ id }) => id)
    return { items: items.map(erasureView), next }
  },
})
