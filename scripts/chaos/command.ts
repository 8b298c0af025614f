import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isUsageError, type Say } from '../shared/command-line.ts'
import { runChaos } from './chaos.ts'
import { startLayout } from './layout/layout.ts'
import { isAsPromised, reportOf } from './report.ts'

const USAGE = 'Usage: npm run chaos -- [--seed N] [--runs N] [--every SECONDS] [--weaken lease|receipts]'

const Arguments = z.object({
  seed: z.coerce.number().int().default(42),
  runs: z.coerce.number().int().min(1).max(4_000).default(2_000),
  /** Mean seconds between two faults. */
  every: z.coerce.number().positive().default(8),
  weaken: z.enum(['lease', 'receipts']).optional(),
})

/** Exit code: 0 when every promise was kept; for a weakened build, when the judge found what is wrong with it. */
export async function chaosCommand(argv: string[], say: Say): Promise<number> {
  const given = argumentsOf(argv)
  if (!given) {
    say(USAGE)
    return 2
  }
  const { seed, runs, every, weaken = null } = given
  const begin = Date.now()
  const log = (line: string) => say(`${String(Math.round((Date.now() - begin) / 1000)).padStart(5)} s  ${line}`)
  await using layout = await startLayout({ weaken, leaseSeconds: null, holdSeconds: 1, settleSeconds: 2 })
  log(`up; logs in ${layout.folder}/logs`)
  const result = await runChaos(layout, { seed, runs, faults: 'all', everyMs: every * 1000, faultsForMs: null, log })
  for (const line of reportOf(result)) say(line)
  if (weaken === null) return isAsPromised(result) ? 0 : 1
  const isFound = result.wrong.length > 0
  say(
    isFound
      ? `The build without ${weaken} was found out, as it must be.`
      : `The build without ${weaken} was NOT found out.`,
  )
  return isFound ? 0 : 1
}

function argumentsOf(argv: string[]): z.output<typeof Arguments> | null {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({ args: argv, options: { seed: text, runs: text, every: text, weaken: text } })
    const parsed = Arguments.safeParse(values)
    return parsed.success ? parsed.data : null
  } catch (error) {
    if (error instanceof Error && isUsageError(error)) return null
    throw error
  }
}
