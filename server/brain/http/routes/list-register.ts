import { z } from 'zod'
import { listOf, RegisterEntry } from '../../../contract/http.ts'
import { DecisionStatus, Verdict } from '../../../contract/states.ts'
import { Limit, MissionName, OwnId, RecordId } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { registerCsv } from '../views/register-csv.ts'
import { costView } from '../views/run-view.ts'
import { visibleDecisions } from '../views/visible-decisions.ts'

/** A day or a time; a day means its beginning, in UTC. */
const Since = z.union([z.iso.date(), z.iso.datetime({ precision: 3 })])

export const listRegister = route({
  method: 'get',
  path: '/api/v1/register',
  summary: 'Past decisions that the caller may see, newest first; CSV by Accept: text/csv, with the next page in Link',
  query: z.strictObject({
    mission: MissionName.optional(),
    from: Since.optional(),
    to: Since.optional(),
    status: DecisionStatus.exclude(['open']).optional(),
    verdict: Verdict.optional(),
    user: RecordId.optional(),
    before: OwnId.optional(),
    limit: Limit,
  }),
  answers: listOf(RegisterEntry),
  async handle(doors, { caller, query, request, response }) {
    const { items, erased, next } = await visibleDecisions(doors, caller, { ...query, past: true })
    const runs = await doors.store.runsById([...items, ...erased].map(({ runId }) => runId))
    const costIn = (runId: string) => {
      const run = runs.get(runId)
      return run ? costView(run) : null
    }
    const open = items.map((summary) => ({ ...summary, cost: costIn(summary.runId), erased: null }))
    const left = erased.map((each) => ({
      ...each,
      cost: costIn(each.runId),
      digest: null,
      risk: null,
      subject: null,
      sentence: null,
      answered: [],
    }))
    const entries: RegisterEntry[] = [...open, ...left].sort((a, b) => (a.id < b.id ? 1 : -1))
    response.vary('Accept')
    if (request.accepts(['json', 'csv']) !== 'csv') return { items: entries, next }
    if (next !== null) response.links({ next: nextPage(request.originalUrl, next) })
    response.type('text/csv').attachment('register.csv').send(registerCsv(entries))
    return undefined
  },
})

function nextPage(address: string, next: string): string {
  const [path = '', query = ''] = address.split('?')
  const asked = new URLSearchParams(query)
  asked.set('before', next)
  return `${path}?${asked.toString()}`
}
