// The rationale: why a record changed, from the decision that changed it, for a caller who may see the record.
import { concerns, endedBy } from '../../../contract/operations/operation.ts'
import type { RationaleView } from '../../../contract/http.ts'
import { approversOf } from '../../decisions/eligibility.ts'
import { loadDecision, readAccessToDecisions } from '../../decisions/view/load-decision.ts'
import { shownLeaves } from '../../decisions/view/redact.ts'
import { rowsOf } from '../../decisions/view/diff-rows.ts'
import { undoOf } from '../../decisions/view/decision-view.ts'
import type { ErasedMark } from '../../domain/erasure.ts'
import { render, visible, type ReadAccess } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import type { Run } from '../../domain/run.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { RouteContext } from '../requests/route-context.ts'
import { erasedView } from './erased.ts'

type Undone = RationaleView['undone']

/** Records into which these runs merged a record. */
export async function mergedInto(
  { store, clock }: RouteContext,
  runs: readonly Run[],
  recordId: string,
): Promise<string[]> {
  const found = await Promise.all(
    runs.map(async ({ decisionId }) => (decisionId ? loadDecision(store, clock, decisionId) : null)),
  )
  return found.flatMap((facts) =>
    (facts?.changeSet.proposal.operations ?? [])
      .flatMap(endedBy)
      .flatMap(({ record, mergedInto }) => (record.id === recordId && mergedInto !== null ? [mergedInto] : [])),
  )
}

export async function rationaleOf(
  doors: RouteContext,
  caller: SessionCaller,
  run: Run,
  recordId: string,
): Promise<RationaleView | null> {
  if (run.erased) return whatIsLeft(run, run.erased)
  const facts = run.decisionId ? await loadDecision(doors.store, doors.clock, run.decisionId) : null
  if (!facts) return null
  const access = (await readAccessToDecisions(doors.visibility, caller, [facts]))(facts)
  const { changeSet, decision } = facts
  const { proposal } = changeSet
  const closed = new Set(
    shownLeaves(changeSet.leaves, proposal, access).flatMap((leaf) => ('commitment' in leaf ? [leaf.path] : [])),
  )
  const about = (path: string) => {
    const operation = proposal.operations[Number(path.split('/')[2])]
    return operation !== undefined && concerns(operation, recordId)
  }
  const rows = rowsOf(proposal, access, (path) => closed.has(path)).filter(({ toPath }) => about(toPath))
  const hidden = [...closed].filter((path) => path.endsWith('/to') && about(path)).length
  return {
    runId: run.id,
    decisionId: decision.id,
    verdict: run.verdict,
    hidden,
    sentence: render(proposal.sentence, access),
    at: run.updatedAt,
    approvedBy: approversOf(facts).map(({ userName }) => userName),
    fields: rows.map((row) => ({
      label: row.label,
      fromText: row.fromText,
      toText: row.toText,
      record: row.recordId === recordId ? null : row.recordName,
    })),
    why: reasonsOf(proposal, access),
    undo: undoOf(facts, caller),
    undoes: proposal.undoes ?? null,
    undone: run.verdict === 'undone' ? await undoneBy(doors, caller, facts.lastUndo) : null,
    erased: null,
  }
}

async function undoneBy(doors: RouteContext, caller: SessionCaller, undo: Run | null): Promise<Undone> {
  const facts = undo?.decisionId ? await loadDecision(doors.store, doors.clock, undo.decisionId) : null
  if (!undo || !facts) return null
  const access = (await readAccessToDecisions(doors.visibility, caller, [facts]))(facts)
  const { decision, changeSet } = facts
  const { launcher } = undo.trigger
  return {
    decisionId: decision.id,
    runId: undo.id,
    at: undo.updatedAt,
    askedBy: launcher === null ? 'Missions' : (changeSet.proposal.names[launcher]?.name ?? launcher),
    approvedBy: approversOf(facts).map(({ userName }) => userName),
    reason: undo.trigger.undo?.reason ?? '',
    stayed: changeSet.proposal.checks.flatMap(({ agrees, label }) => (agrees ? [] : [render(label, access)])),
  }
}

function whatIsLeft(run: Run, mark: ErasedMark): RationaleView {
  return {
    runId: run.id,
    decisionId: run.decisionId ?? '',
    sentence: '',
    at: run.updatedAt,
    verdict: run.verdict,
    approvedBy: [],
    fields: [],
    why: [],
    hidden: 0,
    undo: null,
    undoes: null,
    undone: null,
    erased: erasedView(mark),
  }
}

const MOST_REASONS = 5

/** The checks that agreed and that the reader may read in full: half a reason explains nothing. */
function reasonsOf({ checks }: Proposal, access: ReadAccess): string[] {
  const whole = checks.filter(
    ({ agrees, label }) =>
      agrees && label.every((piece) => typeof piece === 'string' || !piece.field || visible(piece, access)),
  )
  return whole.slice(0, MOST_REASONS).map(({ label, citations }) => {
    const cited = citations.length > 0 ? ` (${citations.join('; ')})` : ''
    return `${render(label, access)}${cited}`
  })
}
