// Decisions, runs and observations as the brain would answer them, for the component tests.
import { digestOf } from 'c/changeSetDigest'
import type {
  DecisionSummary,
  DecisionView,
  ObservationView,
  RationaleView,
  RunView,
} from '../../server/contract/http.ts'
import type { Leaf } from '../../server/contract/seal.ts'

export const ACCOUNT = '001000000000001AAA'
export const DANA = '005000000000001AAA'
export const PRIYA = '005000000000002AAA'

const SALT = 'c2FsdHNhbHRzYWx0c2FsdHM'
export const open = (path: string, value: string | number | boolean | null): Leaf => ({ path, salt: SALT, value })
export const closed = (path: string): Leaf => ({ path, commitment: 'ab'.repeat(32) })

function leavesOf(id: string): Leaf[] {
  return [
    open('/decision', id),
    open('/version', 1),
    open('/operations/0/kind', 'update'),
    open('/operations/0/object', 'Account'),
    open('/operations/0/id', ACCOUNT),
    open('/operations/0/fields/OwnerId/from', DANA),
    open('/operations/0/fields/OwnerId/to', PRIYA),
    open('/operations/0/fields/OwnerId/source', 'knowledge:Territory v7 §2'),
    open('/operations/0/fields/BillingCity/from', 'Boston'),
    open('/operations/0/fields/BillingCity/to', 'Cambridge'),
    open('/operations/0/fields/BillingCity/source', 'record:001000000000002AAA'),
  ]
}

type Row = DecisionView['rows'][number]
export function row(field: string, group: Row['group'], fromText: string, toText: string): Row {
  return {
    operation: 0,
    group,
    object: 'Account',
    recordId: ACCOUNT,
    recordName: 'Acme Corp',
    field,
    label: field,
    fromPath: `/operations/0/fields/${field}/from`,
    toPath: `/operations/0/fields/${field}/to`,
    fromText,
    toText,
    sourceText: 'Policy: Territory v7',
  }
}

/** Leaves with the rows that a brain gives for them, and no other word of it. */
export const described = (
  leaves: Leaf[],
  rows: Row[],
): Pick<DecisionView, 'leaves' | 'rows'> & typeof plain & Pick<DecisionView, 'subject'> => ({
  ...plain,
  subject: { object: 'Account', id: ACCOUNT, name: 'Acme Corp' },
  leaves,
  rows,
})

/** An open decision about Acme Corp with one gated row; its digest is the one of its leaves. */
export async function decision(change: Partial<DecisionView> = {}): Promise<DecisionView> {
  const id = change.id ?? 'd-1'
  const leaves = change.leaves ?? leavesOf(id)
  const subject = { object: 'Account', id: ACCOUNT, name: 'Acme Corp' }
  return {
    ...plain,
    id,
    leaves,
    digest: await digestOf(leaves),
    subject,
    rows: [row('BillingCity', 'change', 'Boston', 'Cambridge'), row('OwnerId', 'gated', 'Dana Whit', 'Priya Rao')],
    changeSet: { operations: [{ kind: 'update', hidden: 0 }] },
    rights: [{ verb: 'edit', object: 'Account', id: ACCOUNT, fields: ['BillingCity', 'OwnerId'] }],
    ...change,
  }
}

const plain = {
  runId: 'r-1',
  mission: 'duplicate-account-reconciliation',
  status: 'open' as const,
  version: 1,
  sentence: 'Move Acme Corp to Priya per Territory policy.',
  risk: 'medium' as const,
  badges: [{ code: 'owner', label: 'Owner changes', gated: true }],
  band: 'strong' as const,
  needs: 1,
  approvals: 0,
  answered: [],
  expiresAt: '2099-01-01T00:00:00Z',
  createdAt: '2026-01-01T00:00:00Z',
  commitsAt: null,
  notBefore: null,
  runStatus: 'waiting' as const,
  verdict: null,
  counters: { fields: 2, created: 0, moves: 0, lost: 0, calls: 1 },
  hidden: 0,
  moves: [],
  lost: [],
  goesAway: [],
  checks: [
    { label: 'Website acme.com = acme.com', agrees: true, by: 'rule' as const, citations: [] },
    { label: 'Billing state MA is not NY', agrees: false, by: 'model' as const, citations: ['Account MA'] },
  ],
  cautions: [],
  review: null,
  mustHold: [],
  overlaps: [],
  wrongIf: ['Acme Inc may be a legal entity of its own.'],
  plan: [{ n: 1, kind: 'composite', sentence: 'Update 1 Account', ifItFails: 'nothing is changed' }],
  undo: { class: 'full' as const, sentence: 'Puts back 2 values.', possible: false, why: null, runId: null },
  undoes: null,
  rosters: [{ from: 'group:RevOps', needs: 1, users: [{ id: DANA, name: 'Dana Whit' }], then: false }],
  askedNow: [{ from: 'group:RevOps', needs: 1 }],
  answers: [],
  you: { canApprove: true, canReject: true, why: null },
  notice: null,
}

/** The part of a decision that lists and the stream carry. */
export function summaryOf(view: DecisionView): DecisionSummary {
  const { counters, leaves, changeSet, hidden, rows, moves, lost, goesAway, checks, ...rest } = view
  void [counters, leaves, changeSet, hidden, rows, moves, lost, goesAway, checks]
  const {
    mustHold,
    overlaps,
    askedNow,
    wrongIf,
    cautions,
    review,
    plan,
    undo,
    undoes,
    rosters,
    answers,
    rights,
    you,
    notice,
    ...summary
  } = rest
  void [
    mustHold,
    overlaps,
    askedNow,
    wrongIf,
    cautions,
    review,
    plan,
    undo,
    undoes,
    rosters,
    answers,
    rights,
    you,
    notice,
  ]
  return summary
}

export function run(change: Partial<RunView> = {}): RunView {
  return {
    id: 'r-1',
    mission: 'duplicate-account-reconciliation',
    missionVersion: 1,
    title: 'Reconcile duplicate accounts',
    status: 'running',
    phase: 'reason',
    reason: null,
    nextTryAt: null,
    verdict: null,
    apiCalls: 4,
    tokens: 0,
    cost: null,
    launcher: null,
    subject: { object: 'Account', id: ACCOUNT, name: 'Acme Corp' },
    decisionId: null,
    differences: [],
    startedAt: '2026-01-01T10:00:00Z',
    updatedAt: '2026-01-01T10:00:01Z',
    erased: null,
    ...change,
  }
}

/** Observation number `n` of run `r-1`; its cursor follows the number. */
export function observation(n: number, change: Partial<ObservationView> = {}): ObservationView {
  return {
    cursor: `7-${n}`,
    id: `o-${n}`,
    runId: 'r-1',
    phase: 'read',
    kind: 'read',
    text: `Step ${n}`,
    records: [],
    fields: [],
    citations: [],
    at: '2026-01-01T10:00:00Z',
    ...change,
  }
}

/** Why a record changed: the owner of Acme Corp, approved by Ada and not undone. */
export function rationale(change: Partial<RationaleView> = {}): RationaleView {
  return {
    runId: 'r-1',
    decisionId: 'd-1',
    sentence: 'Move Acme Corp to Priya.',
    at: '2026-01-01T10:00:00Z',
    verdict: 'verified',
    approvedBy: ['Ada Admin'],
    fields: [],
    why: [],
    hidden: 0,
    undo: null,
    undoes: null,
    undone: null,
    erased: null,
    ...change,
  }
}
