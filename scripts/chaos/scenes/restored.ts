// The restore drill: the database goes back to a backup that was taken while runs were at four moments; all of them have ended in the org
// since. Nothing may be written a second time, and each run ends as the org holds it.
import { join } from 'node:path'
import type { DecisionView } from '../../../server/contract/http.ts'
import type { Person } from '../../../test/support/person.ts'
import { openDecision, runThatIs } from '../../../test/support/story.ts'
import { until } from '../../../test/support/until.ts'
import { readOrg } from '../judge/org-facts.ts'
import { dumpDatabase, restoreDatabase } from '../layout/backup.ts'
import type { Layout } from '../layout/layout.ts'
import { redisCommand } from '../layout/servers.ts'
import { giveAnswer, type GivenAnswer } from '../people/approver.ts'
import { createSubject, type Subject } from '../people/companies.ts'
import { patiently } from '../people/patience.ts'

const KINDS = ['merge', 'link'] as const
const BRAIN = ['worker-1', 'worker-2', 'web'] as const
const ENDS_WITHIN_MS = 120_000
/** The first write of a run at its second moment is answered so late that the backup comes in between. */
const WITHHELD_MS = 10_000

interface RestoreDrill {
  /** Subjects with a decision when the backup was taken: open, in the hold, and with the first transaction written. */
  known: Subject[]
  /** Verdicts of the runs that begin after the restore, about leads that the backup does not know. */
  verdictsOfUnknown: (string | null)[]
  /** Phases of their runs as the backup has them: decide, decide and commit for both kinds, when it was taken at the right moment. */
  phases: string[]
  /** What people saw of the open merge when they opened it after the restore. */
  opened: Pick<DecisionView, 'status' | 'answered'>
  /** Transactions of the product in the org, before and after the restore. */
  transactions: { before: number; after: number }
}

interface Proposed {
  subject: Subject
  decision: DecisionView
}

/** Companies from `from` on. */
export async function restoreDrill(
  layout: Layout,
  admin: Person,
  from: number,
  answers: GivenAnswer[],
): Promise<RestoreDrill> {
  const file = join(layout.folder, 'backup')
  let next = from
  const propose = async (): Promise<Proposed[]> => {
    const subjects: Subject[] = []
    for (const kind of KINDS) subjects.push(await createSubject(admin, next++, kind))
    return Promise.all(
      subjects.map(async (subject) => ({ subject, decision: await openDecision(admin, subject.lead) })),
    )
  }
  const [open, inHold, begun] = [await propose(), await propose(), await propose()]
  await beginToWrite(layout, admin, begun, answers)
  for (const { decision } of inHold) await giveAnswer(admin, decision, 'approve', answers)
  await dumpDatabase(layout.databaseUrl, file)
  layout.faultAt = () => null
  const unknown = await propose()
  for (const { decision } of [...open, ...unknown]) await giveAnswer(admin, decision, 'approve', answers)
  const all = [...open, ...inHold, ...begun, ...unknown].map(({ subject }) => subject)
  for (const { lead } of all) await runThatIs(admin, lead, ['done', 'failed'], ENDS_WITHIN_MS)
  const before = await countWrites(layout, admin, all)

  await Promise.all(BRAIN.map((name) => layout.processes[name].crash()))
  await restoreDatabase(layout.databaseUrl, file)
  await redisCommand(layout.redisUrl, 'flushall')
  await layout.processes.web.start()
  const known = [...open, ...inHold, ...begun].map(({ subject }) => subject)
  const runs = await Promise.all(known.map(({ lead }) => patiently(() => admin.runsAbout(lead))))
  const phases = runs.map(([run]) => run?.phase ?? 'none')
  const opened = await patiently(() => admin.decision(open[0]?.decision.id ?? ''))
  await Promise.all([layout.processes['worker-1'].start(), layout.processes['worker-2'].start()])
  const verdictsOfUnknown: (string | null)[] = []
  for (const { lead } of all) {
    const { verdict } = await runThatIs(admin, lead, ['done', 'failed'], ENDS_WITHIN_MS)
    if (unknown.some(({ subject }) => subject.lead === lead)) verdictsOfUnknown.push(verdict)
  }
  const transactions = { before, after: await countWrites(layout, admin, all) }
  return { known, phases, verdictsOfUnknown, opened, transactions }
}

/** Approves, and returns once the org has written the first transaction of each and the brain does not know it. */
async function beginToWrite(
  layout: Layout,
  admin: Person,
  begun: readonly Proposed[],
  answers: GivenAnswer[],
): Promise<void> {
  const left = new Set(begun.map(({ subject }) => subject.lead))
  layout.faultAt = (door, { body }) => {
    const lead = door === 'org' ? [...left].find((each) => body.includes(each)) : undefined
    return lead !== undefined && left.delete(lead) ? { kind: 'withhold', ms: WITHHELD_MS } : null
  }
  for (const { decision } of begun) await giveAnswer(admin, decision, 'approve', answers)
  const { writes } = layout.doors.org
  const isWritten = ({ subject }: Proposed) =>
    writes.some(({ body, answered }) => answered !== null && body.includes(subject.lead))
  await until('the first transactions are written', async () => begun.every(isWritten), ENDS_WITHIN_MS)
}

const countWrites = async (layout: Layout, admin: Person, subjects: readonly Subject[]): Promise<number> =>
  (await patiently(() => readOrg(layout.orgUrl, admin, subjects))).written.length
