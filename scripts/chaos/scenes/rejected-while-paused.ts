// A worker stops after it looked at its lease and before it asks for the write. Meanwhile the approval lapses and people reject what is
// then proposed. The worker goes on: nothing may be written any more.
import type { Person } from '../../../test/support/person.ts'
import { openDecision, runThatIs } from '../../../test/support/story.ts'
import { until } from '../../../test/support/until.ts'
import type { Layout } from '../layout/layout.ts'
import { giveAnswer, type GivenAnswer } from '../people/approver.ts'
import { createSubject, type Subject } from '../people/companies.ts'

const WORKERS = ['worker-1', 'worker-2'] as const
const POINT = 'before-asking'
/** A lease of half a minute, and what the other worker needs to find the run. */
const TAKEN_OVER_MS = 90_000

export async function rejectedWhilePaused(
  layout: Layout,
  admin: Person,
  n: number,
  answers: GivenAnswer[],
): Promise<Subject> {
  const subject = await createSubject(admin, n, 'merge')
  const first = await openDecision(admin, subject.lead)
  for (const worker of WORKERS) layout.orderPause(worker, POINT, first.runId)
  await giveAnswer(admin, first, 'approve', answers)
  const paused = await until('a worker stops before it asks', async () =>
    WORKERS.find((each) => !layout.isPauseOrdered(each, POINT)),
  )
  for (const worker of WORKERS) layout.forgetPause(worker, POINT)
  const askedBefore = layout.doors[paused].writes.length
  await meanwhileRejected(admin, subject, first.id, answers)
  layout.processes[paused].resume()
  const isAnswered = async () => layout.doors[paused].writes.slice(askedBefore).some(isAbout(first.runId))
  await until('the worker that was stopped asks for the write', isAnswered, TAKEN_OVER_MS)
  return subject
}

const isAbout =
  (runId: string) =>
  ({ body, answered }: Layout['doors']['org']['writes'][number]): boolean =>
    answered !== null && body.includes(runId)

/** A change of the lead by a person voids the approval; it is put back, and the next version is rejected. */
async function meanwhileRejected(
  admin: Person,
  { lead }: Subject,
  decisionId: string,
  answers: GivenAnswer[],
): Promise<void> {
  const [before] = await admin.query(`SELECT Id, OwnerId FROM Lead WHERE Id = '${lead}'`)
  const [other] = await admin.query(`SELECT Id FROM User WHERE Username = 'rep@practice.example'`)
  await admin.update('Lead', lead, { OwnerId: other?.Id })
  const isOpenAgain = async () => {
    const decision = await admin.decision(decisionId)
    return decision.status === 'open' && decision.version > 1 && decision
  }
  const second = await until('the other worker opens the next version', isOpenAgain, TAKEN_OVER_MS)
  await admin.update('Lead', lead, { OwnerId: before?.OwnerId })
  await giveAnswer(admin, second, 'reject', answers)
  await runThatIs(admin, lead, ['done', 'failed'], TAKEN_OVER_MS)
}
