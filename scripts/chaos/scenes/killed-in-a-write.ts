// salesforce-mcp is killed after the org has written the first transaction and before it knows. The next commit must find the receipt.
import { setTimeout as delay } from 'node:timers/promises'
import type { Person } from '../../../test/support/person.ts'
import { openDecision } from '../../../test/support/story.ts'
import type { Exchange } from '../layout/door.ts'
import type { Layout } from '../layout/layout.ts'
import { giveAnswer, type GivenAnswer } from '../people/approver.ts'
import { createSubject, type Subject } from '../people/companies.ts'

const ENDS_WITHIN_MS = 90_000
const LOOK_MS = 500

/** Ends with the run, or when `ENDS_WITHIN_MS` are over; people reject a version that they did not see before. */
export async function killedInAWrite(
  layout: Layout,
  admin: Person,
  n: number,
  answers: GivenAnswer[],
): Promise<Subject> {
  const subject = await createSubject(admin, n, 'merge')
  const first = await openDecision(admin, subject.lead)
  const isFirstWrite = ({ path, body }: Exchange) => path.includes('/composite') && body.includes(subject.lead)
  let isHit = false
  layout.faultAt = (door, exchange) => {
    if (isHit || door !== 'org' || !isFirstWrite(exchange)) return null
    isHit = true
    return { kind: 'act', act: () => layout.processes['salesforce-mcp'].kill() }
  }
  await giveAnswer(admin, first, 'approve', answers)
  for (const end = Date.now() + ENDS_WITHIN_MS; Date.now() < end; await delay(LOOK_MS)) {
    const [run] = await admin.runsAbout(subject.lead)
    if (run && ['done', 'failed'].includes(run.status)) return subject
    const decision = await admin.decision(first.id)
    if (decision.status === 'open' && decision.version > first.version)
      await giveAnswer(admin, decision, 'reject', answers)
  }
  return subject
}
