import { join } from 'node:path'
import { z } from 'zod'
import { FIXTURE_NAMES, type FixtureName } from './fixtures/fixture.ts'

const Port = z.coerce.number().int().min(0).max(65_535)
const Environment = z.object({
  PRACTICE_ORG_PORT: Port.default(4400),
  PRACTICE_EVENTS_PORT: Port.default(4443),
  DATA_DIR: z.string().min(1).default('.data'),
  PRACTICE_SIZE: z.coerce.number().int().min(0).max(1_000_000).default(300),
  PRACTICE_FIXTURES: z.enum(FIXTURE_NAMES).optional(),
  PRACTICE_SETUP: z.string().min(1).optional(),
  PRACTICE_CONTENT: z.string().min(1).optional(),
})

export interface Settings {
  port: number
  eventsPort: number
  dataDir: string
  /** Accounts of a new org, besides the planted stories. */
  size: number
  /** What a new org has instead of seeded records: see `fixtures/`. */
  fixture?: FixtureName
  /** A JSON file of currencies and of the company's own row: see `setup-file.ts`. */
  setupFile?: string
  /** A module that exports `content`, a function from the environment to `OrgContent`; the sample company without it. */
  contentModule?: string
}

const EXAMPLES: Record<string, string> = {
  PRACTICE_ORG_PORT: '4400',
  PRACTICE_EVENTS_PORT: '4443',
  DATA_DIR: '.data',
  PRACTICE_CONTENT: 'content.ts',
  PRACTICE_SIZE: '300',
  PRACTICE_FIXTURES: 'jsforce',
  PRACTICE_SETUP: 'setup.json',
}

/** A setting that cannot be; the message has one line for each, with an example. */
export class SettingsError extends Error {}

/** Reads the environment. Throws SettingsError. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.keys(EXAMPLES).map((name) => [name, env[name] || undefined]))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map(line).join('\n'))
  const { data } = parsed
  return {
    port: data.PRACTICE_ORG_PORT,
    eventsPort: data.PRACTICE_EVENTS_PORT,
    dataDir: join(data.DATA_DIR, 'practice-org'),
    size: data.PRACTICE_SIZE,
    ...(data.PRACTICE_FIXTURES ? { fixture: data.PRACTICE_FIXTURES } : {}),
    ...(data.PRACTICE_SETUP ? { setupFile: data.PRACTICE_SETUP } : {}),
    ...(data.PRACTICE_CONTENT ? { contentModule: data.PRACTICE_CONTENT } : {}),
  }
}

function line(issue: { path: PropertyKey[]; message: string }): string {
  const name = String(issue.path[0])
  return `${name} is wrong: ${issue.message}. Example: ${name}=${EXAMPLES[name]}`
}
