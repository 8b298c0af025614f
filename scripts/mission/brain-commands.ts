// Commands that ask the running brain.
import { z } from 'zod'
import type { Say } from '../shared/command-line.ts'
import { backTest } from './back-test.ts'
import { CannotAsk, type BrainClient } from './brain-client.ts'
import { readTexts } from './check.ts'
import { compareDraft, compareVersions, knowledgeOf } from './compare.ts'
import { dryRun } from './dry-run.ts'

/** What stood on the command line. */
interface Given {
  name: string
  version?: string | undefined
  from?: string | undefined
  to?: string | undefined
  record?: string[] | undefined
  newest?: string | undefined
  where?: string | undefined
  draft?: string | undefined
  last?: string | undefined
}

type BrainCommand = (brain: BrainClient, given: Given, say: Say) => Promise<number>

const Explained = z.object({ lines: z.array(z.string()) })

const explain: BrainCommand = async (brain, { name, version = '' }, say) => {
  const path = `/missions/${encodeURIComponent(name)}/explain?version=${encodeURIComponent(version)}`
  for (const line of Explained.parse(await brain.get(path)).lines) say(line)
  return 0
}

const diff: BrainCommand = async (brain, { name, from, to }, say) => {
  if (!name.endsWith('.yaml')) return compareVersions(brain, { name, ...(from && { from }), ...(to && { to }) }, say)
  return compareDraft(brain, await textsOf(name), say)
}

const tryOut: BrainCommand = (brain, { name, record, newest, where }, say) =>
  dryRun(
    brain,
    {
      name,
      ...(record && { records: record }),
      ...(newest !== undefined && { newest: numberOf(newest) }),
      ...(where !== undefined && { where }),
    },
    say,
  )

/** Over the files of a draft, or over the newest texts that are installed. */
const test: BrainCommand = async (brain, { name, draft, last }, say) => {
  const runs = last === undefined ? {} : { runs: numberOf(last) }
  if (draft === undefined) return backTest(brain, name, { knowledge: {}, ...runs }, say)
  const { missions, documents } = await textsOf(draft)
  const own = missions.find(({ source }) => new RegExp(`^mission:\\s*${name}\\s*$`, 'm').test(source))
  if (!own) throw new CannotAsk(`${draft} holds no mission called ${name}`)
  const { source } = own
  return backTest(brain, name, { source, knowledge: knowledgeOf(documents, source), ...runs }, say)
}

const UnusedGrants = z.object({
  version: z.number(),
  runs: z.number(),
  isCut: z.boolean(),
  objects: z.array(z.string()),
  fields: z.array(z.string()),
  proposals: z.array(z.string()),
})

/** Prints what no run of the period used, e.g. `90d`. */
export async function unusedGrants(brain: BrainClient, name: string, period: string, say: Say): Promise<number> {
  const days = /^(\d{1,3})d$/.exec(period)?.[1]
  if (days === undefined) throw new CannotAsk(`${period} is no number of days, such as 90d`)
  const path = `/missions/${encodeURIComponent(name)}/unused-grants?days=${days}`
  const { version, runs, isCut, ...unused } = UnusedGrants.parse(await brain.get(path))
  say(`${name} v${version}: ${runs} runs in ${days} days${isCut ? ', the newest that were looked through' : ''}`)
  for (const object of unused.objects) say(`  no record of ${object} was read`)
  for (const field of unused.fields) say(`  ${field} was blank in every run`)
  for (const proposal of unused.proposals) say(`  never proposed: ${proposal}`)
  const isAllUsed = Object.values(unused).every((names) => names.length === 0)
  if (isAllUsed) say('  Everything that is granted was used')
  return isAllUsed ? 0 : 1
}

const Watched = z.object({
  watching: z.boolean(),
  runs: z.number(),
  compared: z.number(),
  fields: z.array(z.object({ field: z.string(), agreed: z.number(), differed: z.number() })),
  differing: z.array(
    z.object({
      differences: z.array(
        z.object({
          record: z.object({ id: z.string(), name: z.string().nullable() }),
          field: z.string(),
          proposed: z.unknown(),
          found: z.unknown(),
        }),
      ),
    }),
  ),
})

/** Prints how often people did what a watching version would have proposed. */
const watch: BrainCommand = async (brain, { name }, say) => {
  const seen = Watched.parse(await brain.get(`/missions/${encodeURIComponent(name)}/watch`))
  if (!seen.watching)
    say(`The active version of ${name} does not watch: write “watch: { days: 14 }” into a version to be activated`)
  say(`${seen.runs} runs would have proposed something, ${seen.compared} were compared`)
  for (const { field, agreed, differed } of seen.fields)
    say(
      `  ${field}: ${agreed} of ${agreed + differed} as people did (${Math.round((100 * agreed) / (agreed + differed))} %)`,
    )
  for (const { record, field, proposed, found } of seen.differing.flatMap(({ differences }) => differences))
    say(`  ${record.name ?? record.id} ${field}: would have been ${shownAs(proposed)}, is ${shownAs(found)}`)
  return 0
}

const shownAs = (value: unknown): string => (value === null || value === '' ? 'blank' : String(value))

const Checked = z.object({
  findings: z.array(z.object({ path: z.string(), message: z.string() })),
  orgFindings: z.array(z.object({ path: z.string(), message: z.string() })).nullable(),
})

/** Checks files, and compares those that are sound with the org. */
export async function checkInOrg(brain: BrainClient, path: string, say: Say): Promise<number> {
  const { missions, documents } = await textsOf(path)
  let worst = 0
  for (const { file, source } of missions) {
    const draft = { source, knowledge: knowledgeOf(documents, source), org: true }
    const { findings, orgFindings } = Checked.parse(await brain.post('/missions/check', draft))
    const all = [...findings, ...(orgFindings ?? [])]
    for (const { path: place, message } of all) say(`${place.replace(/^mission\.yaml/, file)} ${message}`)
    if (all.length === 0) say(`${file}: well formed, and the org has everything it names`)
    else worst = 1
  }
  return worst
}

/** Throws CannotAsk. */
async function textsOf(path: string): ReturnType<typeof readTexts> {
  const texts = await readTexts(path).catch(() => null)
  if (!texts) throw new CannotAsk(`${path} cannot be read`)
  return texts
}

/** Throws CannotAsk. */
function numberOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new CannotAsk(`${text} is not a number`)
  return Number(text)
}

export const BRAIN_COMMANDS: Readonly<Record<string, BrainCommand>> = {
  explain,
  diff,
  'dry-run': tryOut,
  'back-test': test,
  watch,
}
