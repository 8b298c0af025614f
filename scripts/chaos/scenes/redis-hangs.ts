// Redis takes connections and answers nothing: nothing is lost, the workers report it, and the runs go on by themselves afterwards.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Person } from '../../../test/support/person.ts'
import { runThatIs } from '../../../test/support/story.ts'
import type { Layout } from '../layout/layout.ts'
import { giveAnswer, type GivenAnswer } from '../people/approver.ts'
import { createSubject, type Subject } from '../people/companies.ts'

const HANGS_MS = 12_000
const ENDS_WITHIN_MS = 90_000
const REPORT = 'something outside failed'

interface RedisHangs {
  subject: Subject
  verdict: string | null
  /** Lines of the workers' logs about it. */
  reports: number
}

export async function redisHangs(
  layout: Layout,
  admin: Person,
  n: number,
  answers: GivenAnswer[],
): Promise<RedisHangs> {
  const reportsBefore = reportsIn(layout)
  layout.processes.redis.pause()
  const subject = await createSubject(admin, n, 'link')
  await delay(HANGS_MS)
  const reports = reportsIn(layout) - reportsBefore
  layout.processes.redis.resume()
  const { decisionId } = await runThatIs(admin, subject.lead, ['waiting'], ENDS_WITHIN_MS)
  await giveAnswer(admin, await admin.decision(decisionId ?? ''), 'approve', answers)
  const { verdict } = await runThatIs(admin, subject.lead, ['done', 'failed'], ENDS_WITHIN_MS)
  return { subject, verdict, reports }
}

const reportsIn = ({ folder }: Layout): number =>
  ['worker-1', 'worker-2'].reduce(
    (sum, name) => sum + readFileSync(join(folder, 'logs', `${name}.log`), 'utf8').split(REPORT).length - 1,
    0,
  )
