// The machine's clock differs in each process; holds and settle times go by the database's.
import type { Person } from '../../../test/support/person.ts'
import { openDecision, runThatIs } from '../../../test/support/story.ts'
import type { Layout } from '../layout/layout.ts'
import { giveAnswer, type GivenAnswer } from '../people/approver.ts'
import { createSubject, type Subject } from '../people/companies.ts'
import { readOrg } from '../judge/org-facts.ts'

export const APART_MS = 600_000
const ENDS_WITHIN_MS = 120_000

interface ClocksApart {
  subject: Subject
  verdict: string | null
  /** From the approval to the first write, by the org's clock, whose times have whole seconds. */
  heldMs: number
}

/** One run under the clocks that the processes have now. */
export async function runUnderClocks(
  layout: Layout,
  admin: Person,
  n: number,
  answers: GivenAnswer[],
): Promise<ClocksApart> {
  const subject = await createSubject(admin, n, 'merge')
  const decision = await openDecision(admin, subject.lead)
  const approvedAt = Date.now()
  const response = await giveAnswer(admin, decision, 'approve', answers)
  if (!response.ok) throw new Error(`the approval was refused: ${response.status} ${await response.text()}`)
  const { verdict } = await runThatIs(admin, subject.lead, ['done', 'failed'], ENDS_WITHIN_MS)
  const { written } = await readOrg(layout.orgUrl, admin, [subject])
  const first = written.find(({ operations }) => operations.some(({ id }) => id === subject.lead))
  return { subject, verdict, heldMs: first ? Date.parse(first.at) - approvedAt : Number.NaN }
}
