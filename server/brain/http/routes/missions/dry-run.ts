// Dry runs: everything but the proposal. What each would have proposed is shown as far as the caller may see it.
import { z } from 'zod'
import { DiffRow, RunView } from '../../../../contract/http.ts'
import { shownRows } from '../../../decisions/view/shown-rows.ts'
import { affectedBy } from '../../../decisions/affected-records.ts'
import { render } from '../../../domain/phrase.ts'
import { InvalidInput } from '../../../domain/errors.ts'
import { rosterWords } from '../../../missions/explain/explain-mission.ts'
import { fieldsOfWhere } from '../../../missions/language/where.ts'
import { assertDryRun, proposalIn } from '../../../trials/read-trial.ts'
import { newestRecords, startDryRuns, triedMission } from '../../../trials/start-dry-runs.ts'
import { RecordId } from '../../requests/inputs.ts'
import { route } from '../../requests/route.ts'
import { assertFieldsSeen } from '../../views/assert-fields-seen.ts'
import { runView } from '../../views/run-view.ts'
import { seenRun, sightInRun } from '../../views/seen-runs.ts'

/** Records of one request. */
const MOST = 50

const Body = z.strictObject({
  records: z.array(RecordId).min(1).max(MOST).optional(),
  newest: z
    .number()
    .int()
    .min(1)
    .max(MOST)
    .optional()
    .describe('The newest records of the object the mission starts from'),
  where: z.string().min(1).max(2_000).optional().describe("A condition of SOQL for the newest, e.g. Country = 'DE'"),
})

export const startDryRun = route({
  method: 'post',
  path: '/api/v1/missions/{name}/dry-run',
  summary: 'Starts dry runs of the active version about records, by id or by a query: everything but the proposal',
  needs: ['Administer_Missions'],
  body: Body,
  answers: z.object({
    runs: z.array(
      z.object({
        recordId: z.string(),
        runId: z.string().nullable().describe('Null when none was started'),
        why: z.string().nullable(),
      }),
    ),
  }),
  status: 201,
  async handle(doors, { caller, param, body }) {
    const { records, newest, where = null } = body
    if ((records === undefined) === (newest === undefined))
      throw new InvalidInput('name “records” by their ids, or how many of the “newest” to try')
    if (records && where !== null) throw new InvalidInput('“where” goes with “newest”')
    const tried = await triedMission(doors, param('name'))
    const { userId } = caller
    if (where !== null) await assertFieldsSeen(doors, caller, comparedIn(tried.object, where))
    const ids = records ?? (await newestRecords(doors, tried, { newest: newest ?? 1, where, userId }))
    const access = await doors.visibility.readAccessOf(userId, { records: ids, fields: [] })
    const hidden = ids.filter((id) => !access.record(id))
    const recordIds = ids.filter((id) => access.record(id))
    const runs = await startDryRuns(doors, tried, { recordIds, userId, role: 'Administer_Missions' })
    const why = 'there is no such record that you may see'
    return { runs: [...runs, ...hidden.map((recordId) => ({ recordId, runId: null, why }))] }
  },
})

/** `Object.Field` of what a condition compares; of a parent the lookup. Throws InvalidInput for what is no condition alone. */
function comparedIn(object: string, where: string): string[] {
  try {
    return fieldsOfWhere(object, where).map((path) => {
      const [first = '', parent] = path.split('.')
      return `${object}.${parent === undefined ? first : `${first}Id`}`
    })
  } catch (error) {
    throw new InvalidInput(`“where”: ${error instanceof Error ? error.message : 'no condition'}`)
  }
}

export const getDryRun = route({
  method: 'get',
  path: '/api/v1/runs/{id}/trial',
  summary: 'What a dry run would have proposed, whom it would have asked, and what it used',
  needs: ['Administer_Missions'],
  answers: z.object({
    run: RunView,
    proposal: z
      .object({
        sentence: z.string(),
        band: z.string(),
        risk: z.string(),
        rows: z.array(DiffRow).describe('What would have been set, as far as the caller may see it'),
        hiddenRows: z.number(),
        asks: z.array(z.string()).describe('Who would have been asked'),
      })
      .nullable(),
  }),
  async handle(doors, { caller, param }) {
    const { run, access } = await seenRun(doors, caller, param('id'))
    assertDryRun(run)
    const proposal = run.erased ? null : await proposalIn(doors.store, run)
    if (!proposal) return { run: runView(run, access), proposal: null }
    const wanted = affectedBy(proposal)
    const seen = await sightInRun(doors, caller, run, await doors.visibility.readAccessOf(caller.userId, wanted))
    const { sentence, band, risk, gate } = proposal
    const asks = gate.rosters.map(rosterWords)
    const shown = { sentence: render(sentence, seen), band, risk, ...shownRows(proposal, seen), asks }
    return { run: runView(run, seen), proposal: shown }
  },
})
