// A crash at every effect of a run's path: listed by an undisturbed run, then each in turn before it, after it and with its answer withheld.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { signIn, type Person } from '../../../test/support/person.ts'
import { chance } from '../chance.ts'
import type { Layout, ProcessName } from '../layout/layout.ts'
import { createSubject, type Subject } from '../people/companies.ts'
import { patiently } from '../people/patience.ts'
import { MODES, type SweepOrder } from '../preload/sweep-points.ts'
import { differences, outcomeOf, type Outcome } from './outcome.ts'

export interface SweepSettings {
  seed: number
  /** Trials, drawn from all by the seed; null: all of them. */
  sample: number | null
  /** The K-th of N parts of them, every N-th; null: all. */
  part: readonly [number, number] | null
  log(line: string): void
}

export interface SweepResult {
  /** Effects of an undisturbed run, by process. */
  points: Record<string, number>
  trials: number
  /** Trials whose point was not passed, because the process had something in its memory already. */
  notReached: string[]
  wrong: { trial: string; what: string[] }[]
}

interface Trial {
  process: ProcessName
  point: string
  mode: (typeof MODES)[number]
}

const SWEPT = ['worker-1', 'web', 'salesforce-mcp'] as const
const ENDS_WITHIN_MS = 180_000
const LOOK_MS = 400
/** Undisturbed runs before the listing, so that what is read once is in memory. */
const WARM_UP = 2

/** Sweeps on a layout that is up, with one worker. */
export async function runSweep(layout: Layout, { seed, sample, part, log }: SweepSettings): Promise<SweepResult> {
  const admin = await signIn(layout.orgUrl, layout.brainUrl, 'admin')
  const orderFile = join(layout.folder, 'sweep.json')
  const order = (next: SweepOrder) => writeFileSync(orderFile, JSON.stringify(next))
  const passed = (process: ProcessName, trial: number) => pointsOf(`${orderFile}.${process}`, trial)
  order({ trial: 0, point: null, mode: null })
  await layout.processes['worker-2'].crash()
  for (const process of SWEPT) await layout.replace(process, { sweep: orderFile })
  for (let n = 0; n < WARM_UP; n += 1) await oneRun(layout, admin, n)
  order({ trial: 1, point: null, mode: null })
  const undisturbed = await oneRun(layout, admin, WARM_UP)
  const trials = SWEPT.flatMap((process) =>
    passed(process, 1).flatMap((point) => MODES.map((mode): Trial => ({ process, point, mode }))),
  )
  const result: SweepResult = {
    points: Object.fromEntries(SWEPT.map((process) => [process, passed(process, 1).length])),
    trials: 0,
    notReached: [],
    wrong: [],
  }
  log(`points: ${JSON.stringify(result.points)}, undisturbed: ${undisturbed.status} ${undisturbed.verdict}`)
  for (const [at, trial] of partOf(drawn(trials, seed, sample), part).entries()) {
    const n = WARM_UP + 1 + at
    order({ trial: n, ...trial })
    const outcome = await oneRun(layout, admin, n)
    const name = `${trial.process}, ${trial.mode} ${trial.point}`
    const what = differences(outcome, undisturbed)
    result.trials += 1
    if (!passed(trial.process, n).includes(trial.point)) result.notReached.push(name)
    if (what.length > 0) result.wrong.push({ trial: name, what })
    log(`${name}: ${what.length === 0 ? 'as undisturbed' : what.join('; ')}`)
  }
  return result
}

function pointsOf(file: string, trial: number): string[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return [...new Set(lines.filter((line) => line.startsWith(`${trial}\t`)).map((line) => line.split('\t')[1]!))]
}

function drawn(trials: readonly Trial[], seed: number, sample: number | null): Trial[] {
  if (sample === null) return [...trials]
  const at = ({ process, point, mode }: Trial) => chance(seed, process, point, mode)
  return trials.toSorted((a, b) => at(a) - at(b)).slice(0, sample)
}

function partOf(trials: Trial[], part: SweepSettings['part']): Trial[] {
  if (part === null) return trials
  const [own, parts] = part
  return trials.filter((_, at) => at % parts === own - 1)
}

/** A lead, its proposal, an approval, and the end. People try again when a page does not answer. */
async function oneRun(layout: Layout, admin: Person, n: number): Promise<Outcome> {
  const subject = await createSubject(admin, n, 'merge')
  await approved(admin, subject)
  await Promise.all(SWEPT.map((process) => layout.processes[process].ready()))
  return outcomeOf(layout, admin, subject)
}

async function approved(admin: Person, { lead, name }: Subject): Promise<void> {
  for (const end = Date.now() + ENDS_WITHIN_MS; Date.now() < end; await delay(LOOK_MS)) {
    const [run] = await patiently(() => admin.runsAbout(lead))
    if (run && ['done', 'failed', 'cancelled'].includes(run.status)) return
    if (run?.status !== 'waiting' || !run.decisionId) continue
    const decision = await patiently(() => admin.decision(run.decisionId!))
    if (decision.you.canApprove) await admin.approve(decision).catch(() => null)
  }
  throw new Error(`the run about ${name} did not end within ${ENDS_WITHIN_MS / 1000} s`)
}
