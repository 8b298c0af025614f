import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isUsageError, type Say } from '../shared/command-line.ts'
import { runChaos } from './chaos.ts'
import { startLayout, type Layout } from './layout/layout.ts'
import { isAsPromised, reportOf, sweepReport } from './report.ts'
import { playRestore, playScenes } from './scenes/scenes.ts'
import { runSweep, type SweepSettings } from './sweep/sweep.ts'

const USAGE =
  'Usage: npm run chaos -- [--seed N] [--runs N] [--every SECONDS] [--weaken lease|receipts] [--sweep] [--sample N] [--part K/N]'

const SWEEP_LEASE_SECONDS = 6

const Arguments = z.object({
  seed: z.coerce.number().int().default(42),
  runs: z.coerce.number().int().min(1).max(4_000).default(2_000),
  /** Mean seconds between two faults. */
  every: z.coerce.number().positive().default(8),
  weaken: z.enum(['lease', 'receipts']).optional(),
  /** A crash at every effect of a run's path, in place of a chaos. */
  sweep: z.boolean().default(false),
  /** Trials of a sweep, drawn by the seed; all without it. */
  sample: z.coerce.number().int().min(1).optional(),
  /** The K-th of N parts of a sweep's trials, so that several layouts sweep side by side. */
  part: z
    .string()
    .regex(/^\d{1,3}\/\d{1,3}$/)
    .transform((text) => text.split('/').map(Number) as [number, number])
    .refine(([part, parts]) => part >= 1 && part <= parts)
    .optional(),
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
  const { sweep, sample = null, part = null } = given
  // A killed worker's runs wait for the end of its lease: a sweep of hundreds of kills would take hours longer.
  const times = sweep
    ? { leaseSeconds: SWEEP_LEASE_SECONDS, holdSeconds: 0, settleSeconds: 1 }
    : { leaseSeconds: null, holdSeconds: 1, settleSeconds: 2 }
  await using layout = await startLayout({ weaken, ...times })
  log(`up; logs in ${layout.folder}/logs`)
  if (sweep) return await sweepAndReport(layout, { seed, sample, part, log }, say)
  const scenes = await playScenes(layout, log)
  // A weakened build is judged by the scenes and the chaos.
  if (weaken === null) scenes.push(...(await playRestore(layout, log)))
  const chaos = await runChaos(layout, { seed, runs, faults: 'all', everyMs: every * 1000, faultsForMs: null, log })
  const result = { ...chaos, wrong: [...scenes, ...chaos.wrong] }
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

async function sweepAndReport(layout: Layout, settings: SweepSettings, say: Say): Promise<number> {
  const result = await runSweep(layout, settings)
  for (const line of sweepReport(result)) say(line)
  return result.wrong.length === 0 ? 0 : 1
}

function argumentsOf(argv: string[]): z.output<typeof Arguments> | null {
  try {
    const text = { type: 'string' } as const
    const options = {
      seed: text,
      runs: text,
      every: text,
      weaken: text,
      sample: text,
      part: text,
      sweep: { type: 'boolean' },
    } as const
    const { values } = parseArgs({ args: argv, options })
    const parsed = Arguments.safeParse(values)
    return parsed.success ? parsed.data : null
  } catch (error) {
    if (error instanceof Error && isUsageError(error)) return null
    throw error
  }
}
