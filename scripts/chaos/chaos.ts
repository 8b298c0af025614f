// A chaos: runs under faults that are drawn from a seed, people who answer, and a judge at the end.
import { setTimeout as delay } from 'node:timers/promises'
import { signIn, type Person } from '../../test/support/person.ts'
import { chance } from './chance.ts'
import { doorFaults } from './faults/door-faults.ts'
import { startSchedule, type FaultGroup } from './faults/schedule.ts'
import { readBrain, RunCounts } from './judge/brain-facts.ts'
import { hitsOf, type Hits } from './judge/hits.ts'
import { judge, type Judgement } from './judge/judge.ts'
import { readOrg } from './judge/org-facts.ts'
import type { Layout } from './layout/layout.ts'
import { startApprover, type Approver, type GivenAnswer } from './people/approver.ts'
import { createSubject, type Subject } from './people/companies.ts'
import { patiently } from './people/patience.ts'

interface ChaosSettings {
  seed: number
  runs: number
  /** Which faults the schedule begins. */
  faults: FaultGroup
  /** Mean time between two of them. */
  everyMs: number
  /** After this long none begins any more; null: not before nearly all runs have ended. */
  faultsForMs: number | null
  log(line: string): void
}

export interface ChaosResult extends Judgement {
  seed: number
  runs: number
  seconds: number
  hits: Hits
  faults: Record<string, number>
  problems: Record<string, number>
  ownEnds: string[]
  starts: Record<string, number>
}

const LINK_SHARE = 0.2
const REJECT_SHARE = 0.02
const LANES = 6
/** Leads whose runs have not ended, at most. */
const MOST_OPEN = 60
const COUNT_MS = 2_000
/** The longest wait between two tries of a held run is 300 s, a fifth more by chance. */
const END_WITHIN_MS = 900_000

/** Runs the leads under faults on a layout that is up, and judges them. */
export async function runChaos(layout: Layout, settings: ChaosSettings): Promise<ChaosResult> {
  const { seed, everyMs, log, faults, faultsForMs } = settings
  const admin = await signIn(layout.orgUrl, layout.brainUrl, 'admin')
  const begin = Date.now()
  const approver = startApprover(admin, ({ subject }) =>
    chance(seed, 'reject', subject.name ?? subject.id) < REJECT_SHARE ? 'reject' : 'approve',
  )
  const schedule = startSchedule(layout, { seed, faults, everyMs, log })
  layout.faultAt = doorFaults(seed, layout)
  const counts = new RunCounts(admin)
  const before = (await counts.now()).begun
  const subjects = await createSubjects(admin, settings, counts)
  log(`${subjects.length} leads created after ${seconds(begin)} s`)
  const begun = before + subjects.length
  if (faultsForMs === null) await untilOpen(Math.ceil(subjects.length / 20), begun, counts, log)
  else await delay(Math.max(0, begin + faultsForMs - Date.now()))
  await schedule.stop()
  log(`the schedule ended after ${seconds(begin)} s`)
  await untilOpen(0, begun, counts, log)
  layout.faultAt = () => null
  await approver.stop()
  const judged = await judgeNow(layout, admin, approver.answers, subjects)
  return { ...judged, runs: subjects.length, ...about(settings, begin, layout, schedule.begun, approver) }
}

const seconds = (since: number): number => Math.round((Date.now() - since) / 1000)

/** Creates leads as fast as their runs end. A company whose creation failed half-way is left, and the next name is taken. */
async function createSubjects(
  admin: Person,
  { seed, runs, log }: ChaosSettings,
  counts: RunCounts,
): Promise<Subject[]> {
  const subjects: Subject[] = []
  let next = 0
  let ended = 0
  const lane = async () => {
    while (subjects.length < runs) {
      const n = next++
      const kind = chance(seed, 'kind', n) < LINK_SHARE ? 'link' : 'merge'
      const subject = await createSubject(admin, n, kind).catch(() => null)
      if (!subject) await delay(1_000)
      else if (subjects.push(subject) % 25 === 0) log(`${subjects.length} leads, ${ended} runs ended`)
      while (subjects.length - ended > MOST_OPEN) await delay(1_000)
    }
  }
  let isDone = false
  const counting = (async () => {
    while (!isDone) {
      const now = await counts.now().catch(() => null)
      if (now) ended = Math.max(0, now.begun - now.open)
      await delay(COUNT_MS)
    }
  })()
  await Promise.all(Array.from({ length: LANES }, lane))
  isDone = true
  await counting
  return subjects
}

/** Resolves once `runs` have begun and at most `most` of them are open, and as well when that takes too long: that is for the judge. */
async function untilOpen(most: number, runs: number, counts: RunCounts, log: ChaosSettings['log']): Promise<void> {
  const end = Date.now() + END_WITHIN_MS
  for (let n = 0; Date.now() < end; n += 1) {
    const now = await counts.now().catch(() => null)
    if (now && now.begun >= runs && now.open <= most) return
    if (n % 10 === 0) log(now ? `${now.begun} runs have begun, ${now.open} are open` : 'the brain does not answer')
    await delay(COUNT_MS)
  }
}

/** Reads the org and the brain as they are now, and judges these subjects. */
export async function judgeNow(
  layout: Layout,
  admin: Person,
  answers: readonly GivenAnswer[],
  subjects: readonly Subject[],
): Promise<Judgement & { hits: Hits }> {
  const brain = await patiently(() => readBrain(admin))
  const org = await patiently(() => readOrg(layout.orgUrl, admin, subjects))
  const writes = Object.values(layout.doors).map((door) => door.writes)
  return { ...judge(subjects, org, brain, answers), hits: hitsOf(writes, subjects, brain) }
}

function about(
  { seed }: ChaosSettings,
  begin: number,
  { processes }: Layout,
  faults: ReadonlyMap<string, number>,
  { problems }: Approver,
): Pick<ChaosResult, 'seed' | 'seconds' | 'faults' | 'problems' | 'ownEnds' | 'starts'> {
  const all = Object.values(processes)
  return {
    seed,
    seconds: seconds(begin),
    faults: Object.fromEntries([...faults].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    problems: Object.fromEntries(problems),
    ownEnds: all.flatMap(({ ownEnds }) => ownEnds),
    starts: Object.fromEntries(all.map(({ name, starts }) => [name, starts])),
  }
}
