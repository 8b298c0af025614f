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
})
export type Options = z.infer<typeof Options>

/** Settings by environment variable; each wrong one ends the start with a line that names it and gives an example. */
const FROM_ENV = {
  dataDir: ['DATA_DIR', '.data'],
  brainPort: ['PORT', '4000'],
  orgPort: ['PRACTICE_ORG_PORT', '4400'],
  eventsPort: ['PRACTICE_EVENTS_PORT', '4443'],
  settleSeconds: ['SETTLE_SECONDS', '5'],
  holdSeconds: ['HOLD_SECONDS', '10'],
  databaseUrl: ['DATABASE_URL', 'postgres://missions@localhost:5432/missions'],
  redisUrl: ['REDIS_URL', 'redis://localhost:6379'],
} as const

/** Parses `npm start -- [--fresh] [--size N]` and the environment. Throws PracticeProblem with one line per wrong setting. */
export function parseOptions(argv: string[], env: NodeJS.ProcessEnv): Options {
  const fromEnv = Object.fromEntries(
    Object.entries(FROM_ENV).map(([name, [variable]]) => [name, env[variable] || undefined]),
  )
  const parsed = Options.safeParse({ ...fromEnv, ...fromArguments(argv) })
  if (parsed.success) return { ...parsed.data, dataDir: resolve(parsed.data.dataDir) }
  throw new PracticeProblem(
    parsed.error.issues
      .map(({ path, message }) => {
        const known = FROM_ENV[String(path[0]) as keyof typeof FROM_ENV]
        return known
          ? `${known[0]} is wrong: ${message}. Example: ${known[0]}=${known[1]}`
          : `--${String(path[0])} is wrong: ${message}. Example: npm start -- --size 300`
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
