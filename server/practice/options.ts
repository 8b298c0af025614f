import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { z } from 'zod'
import { PracticeProblem } from './problem.ts'

const Port = z.coerce.number().int().min(1).max(65_535)
const Options = z.object({
  fresh: z.boolean().default(false),
  size: z.coerce.number().int().min(0).max(1_000_000).default(300),
  dataDir: z.string().min(1).default('.data'),
  brainPort: Port.default(4000),
  orgPort: Port.default(4400),
  eventsPort: Port.default(4443),
  settleSeconds: z.coerce.number().min(0).max(3600).default(5),
  holdSeconds: z.coerce.number().min(0).max(3600).default(10),
  /** A PostgreSQL and a Redis to use in place of the embedded store and queue. */
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  redisUrl: z.url({ protocol: /^rediss?$|^unix$/ }).optional(),
  /** What a new org has instead of seeded records, and its currencies and company row: the practice org checks both. */
  fixtures: z.string().min(1).optional(),
  setupFile: z.string().min(1).optional(),
  /** A folder of permission sets in place of the package's own: the practice org checks it. */
  permissionSets: z.string().min(1).optional(),
  /** A folder of custom objects besides the package's own, as `force-app/main/default/objects` keeps them: the practice org checks it. */
  objects: z.string().min(1).optional(),
  /** A folder of missions in place of the shipped ones: the brain checks it. */
  missionsDir: z.string().min(1).optional(),
  /** Missions that the practice's administrators activate, by name, or `all`. */
  activate: z
    .string()
    .regex(/^(all|[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*)$/, 'names joined by commas, or all')
    .optional(),
  retentionDays: z.coerce.number().int().min(1).max(36_500).optional(),
  eraseDeletedDays: z.coerce.number().int().min(1).max(36_500).optional(),
})
export type Options = z.infer<typeof Options>

/** Settings by environment variable; each wrong one ends the start with a line that names it and gives an example. */
const FROM_ENV = {
  size: ['PRACTICE_SIZE', '300'],
  dataDir: ['DATA_DIR', '.data'],
  brainPort: ['PORT', '4000'],
  orgPort: ['PRACTICE_ORG_PORT', '4400'],
  eventsPort: ['PRACTICE_EVENTS_PORT', '4443'],
  settleSeconds: ['SETTLE_SECONDS', '5'],
  holdSeconds: ['HOLD_SECONDS', '10'],
  databaseUrl: ['DATABASE_URL', 'postgres://missions@localhost:5432/missions'],
  redisUrl: ['REDIS_URL', 'redis://localhost:6379'],
  fixtures: ['PRACTICE_FIXTURES', 'jsforce'],
  setupFile: ['PRACTICE_SETUP', 'setup.json'],
  permissionSets: ['PRACTICE_PERMISSION_SETS', 'permissionsets'],
  objects: ['PRACTICE_OBJECTS', 'objects'],
  missionsDir: ['MISSIONS_DIR', 'missions'],
  activate: ['PRACTICE_MISSIONS', 'duplicate-account-reconciliation,lead-triage'],
  retentionDays: ['RETENTION_DAYS', '365'],
  eraseDeletedDays: ['ERASE_DELETED_DAYS', '30'],
} as const

/** Settings of practice org and brain that the practice sets itself. */
const SET_BY_PRACTICE =
  /^(ORG_ID|PUBLIC_URL|ALLOWED_ORIGINS|LISTEN_HOST|ROLE|BRAIN_URL|BODY_KEY_FILE|CHECKPOINT_KEY_FILE|(SF|SALESFORCE_MCP)_\w+)$/

/** A line that names the settings of the environment that have no effect here; null when there are none. */
export function ignoredSettings(env: NodeJS.ProcessEnv): string | null {
  const names = Object.keys(env).filter((name) => SET_BY_PRACTICE.test(name) && env[name] !== '')
  return names.length === 0 ? null : `Not used, because the practice sets them itself: ${names.sort().join(', ')}`
}

/** Parses `npm start -- [--fresh] [--size N]` and the environment. Throws PracticeProblem with one line per wrong setting. */
export function parseOptions(argv: string[], env: NodeJS.ProcessEnv): Options {
  const fromEnv = Object.fromEntries(
    Object.entries(FROM_ENV).map(([name, [variable]]) => [name, env[variable] || undefined]),
  )
  const given = fromArguments(argv)
  const parsed = Options.safeParse({ ...fromEnv, ...given })
  if (parsed.success) return { ...parsed.data, dataDir: resolve(parsed.data.dataDir) }
  throw new PracticeProblem(
    parsed.error.issues
      .map(({ path, message }) => {
        const name = String(path[0])
        const known = name in given ? null : FROM_ENV[name as keyof typeof FROM_ENV]
        return known
          ? `${known[0]} is wrong: ${message}. Example: ${known[0]}=${known[1]}`
          : `--${name} is wrong: ${message}. Example: npm start -- --size 300`
      })
      .join('\n'),
  )
}

function fromArguments(argv: string[]): { fresh?: boolean; size?: string } {
  try {
    return parseArgs({ args: argv, options: { fresh: { type: 'boolean' }, size: { type: 'string' } } }).values
  } catch (error) {
    throw new PracticeProblem(`${(error as Error).message}. Usage: npm start -- [--fresh] [--size ACCOUNTS]`)
  }
}
