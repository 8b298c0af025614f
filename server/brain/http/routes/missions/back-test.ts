// A changed gate, table or threshold over what past runs read: what would have been proposed otherwise, and to whom.
import { z } from 'zod'
import { affectedBy } from '../../../decisions/affected-records.ts'
import { shownRows } from '../../../decisions/view/shown-rows.ts'
import { ContentsErased, InvalidInput } from '../../../domain/errors.ts'
import { render, restsOn, type ReadAccess } from '../../../domain/phrase.ts'
import type { Run } from '../../../domain/run.ts'
import { draftOf } from '../../../missions/draft.ts'
import { rosterWords } from '../../../missions/explain/explain-mission.ts'
import { objectOf } from '../../../missions/language/variables.ts'
import type { BackTested, Conclusion, DraftVersion } from '../../../trials/back-test.ts'
import { MissionName } from '../../requests/inputs.ts'
import { route } from '../../requests/route.ts'
import type { RouteContext } from '../../requests/route-context.ts'
import type { SessionCaller } from '../../requests/caller.ts'
import { assertFieldsSeen } from '../../views/assert-fields-seen.ts'
import { maySeeRun, union, wantedByRun } from '../../views/run-view.ts'
import { sightInRun } from '../../views/seen-runs.ts'

const MOST_RUNS = 200
const USUAL_RUNS = 100

const Concluded = z.object({
  proposes: z.boolean(),
  text: z.string().describe('The proposal in a sentence, or why there was none'),
  asks: z.array(z.string()),
})
const Entry = z.object({
  runId: z.string(),
  recordId: z.string().nullable(),
  recordName: z.string().nullable(),
  was: Concluded,
  wouldBe: Concluded,
  values: z
    .array(z.object({ record: z.string().nullable(), label: z.string(), was: z.string(), wouldBe: z.string() }))
    .describe('Values that would be otherwise, as far as the caller may see them'),
})

export const backTest = route({
  method: 'post',
  path: '/api/v1/missions/{name}/back-test',
  summary:
    'What a text of the mission would have made of the facts that its past runs read, without a call to Salesforce or a model',
  needs: ['Administer_Missions'],
  body: z.strictObject({
    source: z
      .string()
      .min(1)
      .max(60_000)
      .optional()
      .describe('The mission’s YAML; the newest version where it is left out'),
    knowledge: z.record(MissionName, z.string().max(60_000)).default({}),
    runs: z.number().int().min(1).max(MOST_RUNS).default(USUAL_RUNS).describe('The newest runs, at most'),
  }),
  answers: z.object({
    same: z.number(),
    differs: z.number(),
    cannotTell: z.number(),
    differences: z.array(Entry),
    unclear: z.array(z.object({ why: z.string(), runs: z.number() })),
  }),
  async handle(doors, { caller, param, body }) {
    const name = param('name')
    const draft = await draftFrom(doors, name, body)
    await assertFieldsSeen(doors, caller, fieldsReadBy(draft))
    const tested: { run: Run; found: BackTested }[] = []
    for (const run of await pastRuns(doors, caller, name, body.runs)) {
      const found = await doors.backTestRun(run.id, draft).catch((error: unknown) => {
        // Erased since the list was read.
        if (error instanceof ContentsErased) return { result: 'no facts' as const }
        throw error
      })
      tested.push({ run, found })
    }
    const count = (result: BackTested['result']) => tested.filter(({ found }) => found.result === result).length
    const unclear = new Map<string, number>()
    for (const { found } of tested)
      if (found.result === 'cannot tell') unclear.set(found.why, (unclear.get(found.why) ?? 0) + 1)
    return {
      same: count('same'),
      differs: count('differs'),
      cannotTell: count('cannot tell'),
      differences: await differencesSeen(doors, caller, tested),
      unclear: [...unclear].map(([why, runs]) => ({ why, runs })),
    }
  },
})

/** Throws InvalidInput with every finding. */
async function draftFrom(
  { store }: RouteContext,
  name: string,
  { source: given, knowledge }: { source?: string | undefined; knowledge: Record<string, string> },
): Promise<DraftVersion> {
  const source = given ?? (await store.mission(name))?.source
  if (source === undefined) throw new InvalidInput(`no mission is called ${name}: send its text as “source”`)
  const draft = await draftOf(store, { source, knowledge })
  if ('findings' in draft) throw new InvalidInput('this draft is not sound', draft.findings)
  if (draft.mission.name !== name) throw new InvalidInput(`this is a text of ${draft.mission.name}, not of ${name}`)
  return draft
}

/** `Object.Field` of every field of its own that a step reads. */
const fieldsReadBy = ({ mission }: DraftVersion): string[] =>
  mission.definition.read.flatMap((step) =>
    step.fields.filter((field) => !field.includes('.')).map((field) => `${objectOf(step)}.${field}`),
  )

/** The newest runs of the mission that the caller may see and whose contents are kept; undos ask no questions. */
async function pastRuns(doors: RouteContext, caller: SessionCaller, mission: string, limit: number): Promise<Run[]> {
  const runs = (await doors.store.runs({ mission, limit })).filter(({ erased, trigger }) => !erased && !trigger.undo)
  const access = await doors.visibility.readAccessOf(caller.userId, union(runs.map(wantedByRun)))
  return runs.filter((run) => maySeeRun(run, access))
}

async function differencesSeen(
  doors: RouteContext,
  caller: SessionCaller,
  tested: readonly { run: Run; found: BackTested }[],
): Promise<z.input<typeof Entry>[]> {
  const entries: z.input<typeof Entry>[] = []
  for (const { run, found } of tested) {
    if (found.result !== 'differs') continue
    const wanted = union([wantedByRun(run), ...[found.was, found.wouldBe].map(wantedBy)])
    const access = await sightInRun(doors, caller, run, await doors.visibility.readAccessOf(caller.userId, wanted))
    entries.push({
      runId: run.id,
      recordId: run.subject?.id ?? null,
      recordName: run.subjectName,
      was: concludedView(found.was, access),
      wouldBe: concludedView(found.wouldBe, access),
      values: valuesBetween(found.was, found.wouldBe, access),
    })
  }
  return entries
}

function wantedBy({ proposal, why }: Conclusion): { records: Iterable<string>; fields: Iterable<string> } {
  if (proposal) return affectedBy(proposal)
  const { records, fields } = restsOn(why)
  return { records: records.map(({ id }) => id), fields }
}

const concludedView = ({ proposal, why }: Conclusion, access: ReadAccess): z.input<typeof Concluded> => ({
  proposes: proposal !== null,
  text: render(proposal ? proposal.sentence : why, access),
  asks: proposal ? proposal.gate.rosters.map(rosterWords) : [],
})

/** Fields set by one of the two, or by both to other values. */
function valuesBetween(was: Conclusion, wouldBe: Conclusion, access: ReadAccess): z.input<typeof Entry>['values'] {
  const rows = ({ proposal }: Conclusion) =>
    new Map((proposal ? shownRows(proposal, access).rows : []).map((row) => [keyOf(row), row]))
  const [then, now] = [rows(was), rows(wouldBe)]
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((key) => {
    const [before, after] = [then.get(key), now.get(key)]
    const row = after ?? before
    if (!row || before?.toText === after?.toText) return []
    const [left, right] = [before, after].map((each) => each?.toText ?? 'left as it is')
    return [{ record: row.recordName, label: row.label, was: left ?? '', wouldBe: right ?? '' }]
  })
}

const keyOf = ({ object, recordId, field }: { object: string; recordId: string; field: string }): string =>
  `${object} ${recordId} ${field}`
