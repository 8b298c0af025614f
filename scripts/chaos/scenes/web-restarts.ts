// The HTTP process ends while a person has a decision open: the page resumes its stream where it was, with the session it had, and the answer
// that met no process is given again.
import type { DecisionSummary, RunView } from '../../../server/contract/http.ts'
import type { Person } from '../../../test/support/person.ts'
import { openDecision } from '../../../test/support/story.ts'
import { followStream } from '../../../test/support/stream.ts'
import { until } from '../../../test/support/until.ts'
import type { Layout } from '../layout/layout.ts'
import { giveAnswer, type GivenAnswer } from '../people/approver.ts'
import { createSubject, type Subject } from '../people/companies.ts'

const ENDS_WITHIN_MS = 60_000

interface WebRestarts {
  subject: Subject
  /** HTTP status of the answers: while no process was there (null), afterwards, and once more. */
  statuses: (number | null)[]
  /** Ids of events that the page got twice. */
  twice: string[]
}

export async function webRestarts(
  layout: Layout,
  admin: Person,
  n: number,
  answers: GivenAnswer[],
): Promise<WebRestarts> {
  const subject = await createSubject(admin, n, 'merge')
  const before = await followStream(layout.brainUrl, admin)
  const decision = await openDecision(admin, subject.lead)
  await before.first<DecisionSummary>('decision', ({ id }) => id === decision.id)
  const { web } = layout.processes
  const { starts } = web
  web.kill()
  const answer = () => giveAnswer(admin, decision, 'approve', answers).then(({ status }) => status)
  const statuses: (number | null)[] = [await answer().catch(() => null)]
  await until('the supervisor starts it again', async () => web.starts > starts)
  await web.ready()
  await using after = await followStream(layout.brainUrl, admin, '', before.heard.findLast(({ id }) => id)?.id)
  statuses.push(await answer(), await answer())
  await after.first<RunView>('run', ({ id, verdict }) => id === decision.runId && verdict !== null, ENDS_WITHIN_MS)
  const ids = [...before.heard, ...after.heard].flatMap(({ id }) => id ?? [])
  return { subject, statuses, twice: ids.filter((id, at) => ids.indexOf(id) !== at) }
}
