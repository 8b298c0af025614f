// Judges a chaos from outside: by the org's log and records, the answers that people gave, and what the API says. Pure.
import type { RunView } from '../../../server/contract/http.ts'
import type { Transaction } from '../../../server/practice-org/src/org/org.ts'
import type { GivenAnswer } from '../people/approver.ts'
import type { Subject } from '../people/companies.ts'
import type { BrainFacts } from './brain-facts.ts'
import type { OrgFacts } from './org-facts.ts'

export interface Wrong {
  kind: 'not ended' | 'no run' | 'doubled' | 'unapproved' | 'verdict' | 'receipt twice'
  about: string
  what: string
}

export interface Judgement {
  wrong: Wrong[]
  /** Subjects by the verdict of their last run. */
  verdicts: Record<string, number>
  receipts: number
  /** Transactions that the product committed in the org. */
  transactions: number
}

/** Everything of one subject. */
interface Case {
  subject: Subject
  runs: RunView[]
  writes: Transaction[]
  answers: GivenAnswer[]
}

export function judge(
  subjects: readonly Subject[],
  org: OrgFacts,
  brain: BrainFacts,
  answers: readonly GivenAnswer[],
): Judgement {
  const cases = subjects.map((subject) => caseOf(subject, org, brain, answers))
  const keys = org.receipts.map(({ Key__c }) => String(Key__c))
  const verdicts: Record<string, number> = {}
  for (const { runs } of cases) {
    const verdict = lastOf(runs)?.verdict ?? 'none'
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
  }
  return {
    wrong: [
      ...repeated(keys).map((key): Wrong => ({ kind: 'receipt twice', about: key, what: 'two receipts of one key' })),
      ...repeated(org.written.flatMap(({ key }) => key ?? [])).map((key): Wrong => ({
        kind: 'receipt twice',
        about: key,
        what: 'two committed transactions of one key',
      })),
      ...cases.flatMap((each) => wrongsOf(each, org)),
    ],
    verdicts,
    receipts: keys.length,
    transactions: org.written.length,
  }
}

function repeated(keys: readonly string[]): string[] {
  return [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))]
}

/** Ids sort by time. */
const lastOf = (runs: readonly RunView[]): RunView | undefined => runs.toSorted((a, b) => (a.id < b.id ? -1 : 1)).at(-1)

function caseOf(subject: Subject, org: OrgFacts, { runs }: BrainFacts, answers: readonly GivenAnswer[]): Case {
  const own = withoutWayBack(runs.filter((run) => run.subject?.id === subject.lead))
  const decisions = new Set(own.map(({ decisionId }) => decisionId))
  const ids = new Set([subject.lead, subject.survivor, ...(subject.loser ? [subject.loser] : [])])
  return {
    subject,
    runs: own,
    writes: org.written.filter(({ operations }) =>
      operations.some(
        ({ id, fields, error }) =>
          error === undefined && ((id !== null && ids.has(id)) || fields?.WhoId === subject.lead),
      ),
    ),
    answers: answers.filter(({ decisionId }) => decisions.has(decisionId)),
  }
}

/** A run that ended in part is followed by the proposal to undo it. */
function withoutWayBack(runs: readonly RunView[]): RunView[] {
  const sorted = runs.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const partly = sorted.findIndex(({ verdict }) => verdict === 'partly')
  return partly === -1 ? sorted : sorted.slice(0, partly + 1)
}

function wrongsOf(each: Case, org: OrgFacts): Wrong[] {
  const { subject, runs } = each
  const wrong = (kind: Wrong['kind'], what: string): Wrong => ({ kind, about: subject.name, what })
  const open = runs.filter(({ status }) => !['done', 'failed', 'cancelled'].includes(status))
  return [
    ...(runs.length === 0 ? [wrong('no run', 'the lead began no run')] : []),
    ...open.map(({ id, status, reason }) => wrong('not ended', `${id} is ${status}: ${reason}`)),
    ...doubled(each, org).map((what) => wrong('doubled', what)),
    ...unapproved(each).map((what) => wrong('unapproved', what)),
    ...(open.length === 0 && runs.length > 0 ? falseVerdict(each, org) : []).map((what) => wrong('verdict', what)),
  ]
}

const count = ({ writes }: Case, verb: string, object: string, id: string | null): number =>
  writes
    .flatMap(({ operations }) => operations)
    .filter((operation) => operation.error === undefined && operation.verb === verb && operation.object === object)
    .filter((operation) => id === null || operation.id === id).length

function doubled(each: Case, org: OrgFacts): string[] {
  const { subject } = each
  const tasks = (org.tasks.get(subject.lead) ?? []).length
  const created = count(each, 'create', 'Task', null)
  const merges = count(each, 'merge', 'Account', null)
  return [
    ...(tasks > 1 || created > 1 ? [`${tasks} tasks, ${created} created`] : []),
    ...(merges > 1 ? [`merged ${merges} times`] : []),
  ]
}

/** A write needs an approval of exactly its digest, and no answer after it that ended the decision. */
function unapproved({ writes, answers, runs }: Case): string[] {
  const approved = new Set(answers.filter(({ verb }) => verb === 'approve').map(({ digest }) => digest))
  const isRejected = lastOf(runs)?.verdict === 'rejected'
  return writes.flatMap(({ n, key, operations }) => {
    const what = operations.map(({ verb, object }) => `${verb} ${object}`).join(', ')
    if (isRejected) return [`transaction ${n} (${what}) although it was rejected`]
    if (approved.size === 0) return [`transaction ${n} (${what}) without any approval`]
    const digest = key?.split('/')[0]
    return digest && !approved.has(digest) ? [`transaction ${n} (${what}) of a digest that was not approved`] : []
  })
}

/** What stands of the change set in the org. */
function standingOf({ subject }: Case, org: OrgFacts): { isMatched: boolean; isMerged: boolean; hasTask: boolean } {
  const loser = subject.loser === null ? null : org.records.get(subject.loser)
  return {
    isMatched: org.records.get(subject.lead)?.Matched_Account__c === subject.survivor,
    isMerged: loser === null || (loser?.IsDeleted === true && loser.MasterRecordId === subject.survivor),
    hasTask: (org.tasks.get(subject.lead) ?? []).length === 1,
  }
}

const WITHOUT_WRITE = ['rejected', 'nothing to do', 'failed', 'expired']

function falseVerdict(each: Case, org: OrgFacts): string[] {
  const { runs, writes } = each
  const { isMatched, isMerged, hasTask } = standingOf(each, org)
  const isWhole = isMatched && isMerged && hasTask
  const verdicts = runs.map(({ verdict }) => verdict)
  const holds = `lead ${isMatched ? '' : 'not '}matched, ${isMerged ? '' : 'not '}merged, task ${hasTask ? 'there' : 'missing'}`
  if (verdicts.includes('verified')) return isWhole ? [] : [`verified, but ${holds}`]
  if (verdicts.includes('partly'))
    return !isWhole && writes.length > 0 ? [] : [`partly, but ${writes.length} writes and ${holds}`]
  if (verdicts.includes('differs')) return isWhole ? ['differs, but the org holds what was proposed'] : []
  if (verdicts.every((verdict) => verdict !== null && WITHOUT_WRITE.includes(verdict))) {
    return writes.length === 0 ? [] : [`${verdicts.join(', ')}, but ${writes.length} writes stand: ${holds}`]
  }
  return []
}
