// What the brain's own code makes of operations: the decision as one reader gets it, for tests of what the page shows.
import { sealDocument, leafPaths } from '../../server/brain/decisions/leaves.ts'
import { decisionView, type LoadedDecision } from '../../server/brain/decisions/view/decision-view.ts'
import type { ReadAccess } from '../../server/brain/domain/phrase.ts'
import type { NamedRecord, Proposal } from '../../server/brain/domain/proposal.ts'
import type { Run } from '../../server/brain/domain/run.ts'
import type { DecisionView } from '../../server/contract/http.ts'
import { movedBy, touchedBy, type Operation } from '../../server/contract/operations/operation.ts'

const NOW = '2026-11-22T14:00:00.000Z'
const ORG = '00D000000000001AAA'
const LEAD: NamedRecord = { object: 'Lead', id: '00Q000000000001AAA', name: 'Jane Doe' }
const GATE = { lines: [0], rosters: [{ needs: 1, from: 'group:RevOps' }] }
const READER = { userId: '005000000000009AAA', permissions: ['View_Missions', 'Decide_Missions'] }
const EVERYTHING: ReadAccess = { record: () => true, field: () => true }

/** The decision that proposes these operations, as a reader with this access sees it. */
export function honestView(operations: Operation[], access = EVERYTHING): DecisionView {
  return decisionView(loaded(proposalOf(operations)), READER, access)
}

function proposalOf(operations: Operation[]): Proposal {
  const touched = operations.flatMap(touchedBy)
  return {
    subject: LEAD,
    operations,
    base: Object.fromEntries(touched.map(({ id }) => [id, NOW])),
    sentence: ['Tidy up.'],
    band: 'strong',
    risk: 'low',
    badges: [],
    checks: [],
    wrongIf: [],
    cautions: [],
    gate: GATE,
    gatedFields: [],
    lost: [],
    moves: movesOf(operations),
    expected: [],
    undo: { class: 'full', sentence: 'Undo: full.' },
    names: Object.fromEntries(
      touched.map(({ object, id }) => [id, { object, id, name: `${object} ${id.slice(9, 15)}` }]),
    ),
    labels: {},
    before: {},
  }
}

function movesOf(operations: readonly Operation[]): Proposal['moves'] {
  const moves = operations.flatMap(movedBy).map(({ move }) => move)
  return moves.flatMap((move) =>
    'ids' in move && move.ids.length > 0
      ? [{ object: move.object, field: move.field, label: move.object, ids: move.ids, amount: null, names: [] }]
      : [],
  )
}

function loaded(proposal: Proposal): LoadedDecision {
  const { gate, operations, base } = proposal
  const expiresAt = '2099-01-01T00:00:00.000Z'
  const [mission, missionVersion] = ['duplicate-account-reconciliation', 1]
  const names = { org: ORG, decision: 'd-1', run: 'r-1', mission, missionVersion, grant: 'ab'.repeat(32), version: 1 }
  const document = { ...names, gate, launcher: null, editors: [], expiresAt, operations, base }
  const salts = Object.fromEntries(leafPaths(document).map((path, n) => [path, `salt-${n}`.padEnd(22, 'x')]))
  const sealed = sealDocument(document, salts)
  return {
    decision: {
      id: 'd-1',
      runId: 'r-1',
      mission,
      status: 'open',
      version: 1,
      subject: proposal.subject,
      risk: proposal.risk,
      createdAt: NOW,
      expiresAt,
      commitsAt: null,
      isErased: false,
      rosters: [{ from: 'group:RevOps', needs: 1, users: [{ id: READER.userId, name: 'Ada Admin' }] }],
    },
    changeSet: { decisionId: 'd-1', version: 1, ...sealed, proposal, gate, notice: null, createdAt: NOW, rights: [] },
    approvals: [],
    lastUndo: null,
    wayBack: null,
    ended: null,
    others: [],
    launcher: null,
    now: NOW,
    run: { id: 'r-1', status: 'waiting', verdict: null } as Run,
  }
}
