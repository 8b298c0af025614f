// The org is away while runs are under way: they hold, ask seldom, and go on by themselves.
import { setTimeout as delay } from 'node:timers/promises'
import type { Person } from '../../../test/support/person.ts'
import { until } from '../../../test/support/until.ts'
import type { Layout } from '../layout/layout.ts'
import { startApprover, type GivenAnswer } from '../people/approver.ts'
import { createSubject, type Subject } from '../people/companies.ts'
import { RunCounts } from '../judge/brain-facts.ts'
import { patiently } from '../people/patience.ts'

interface OrgAway {
  subjects: Subject[]
  answers: readonly GivenAnswer[]
  /** Requests to the org while it was away, in all and in the last third of that time. */
  asked: { inAll: number; inLastThird: number }
  /** From the org's return to the end of the last run. */
  resumedAfterMs: number
}

const RESUME_WITHIN_MS = 400_000
const COUNT_MS = 1_000

/** `count` runs begin, and the org is away for `ms`. */
export async function orgAway(
  layout: Layout,
  admin: Person,
  { from, count, ms }: { from: number; count: number; ms: number },
): Promise<OrgAway> {
  const counts = new RunCounts(admin)
  const before = (await counts.now()).begun
  const subjects: Subject[] = []
  for (let n = 0; n < count; n += 1) subjects.push(await createSubject(admin, from + n, n % 2 === 0 ? 'merge' : 'link'))
  await until('the runs begin', async () => (await counts.now()).begun >= before + count, RESUME_WITHIN_MS)
  const approver = startApprover(admin, () => 'approve')
  const { org } = layout.doors
  org.isShut = true
  const away = Date.now()
  await delay(ms)
  org.isShut = false
  const back = Date.now()
  const askedSince = (since: number): number =>
    [...org.perSecond].reduce(
      (sum, [second, asked]) => (second * 1000 >= since && second * 1000 < back ? sum + asked : sum),
      0,
    )
  const asked = { inAll: askedSince(away), inLastThird: askedSince(back - ms / 3) }
  for (const end = back + RESUME_WITHIN_MS; Date.now() < end; await delay(COUNT_MS)) {
    if ((await patiently(() => counts.now())).open === 0) break
  }
  const resumedAfterMs = Date.now() - back
  await approver.stop()
  return { subjects, answers: approver.answers, asked, resumedAfterMs }
}
