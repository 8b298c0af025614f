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
}
