// A decision as one reader may see it: everything withheld is counted, nothing is leaked.
import type { DecisionSummary, DecisionView } from '../../../contract/http.ts'
import { rightsFor } from '../../../contract/rights.ts'
import type { Leaf } from '../../../contract/seal.ts'
import { planTransactions, createdBy } from '../../../contract/operations/operation.ts'
import { addSeconds } from '../../../contract/values/instant.ts'
import { render, type Sight } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import type { Run } from '../../domain/run.ts'
import { UNDO_PERMISSIONS, whyNotUndone } from '../../undo/plan/undo-state.ts'
import { countedApprovals, refusalOf, type Caller, type Standing } from '../eligibility.ts'
import { groupDigits, valueText } from './format.ts'
import { shownLeaves } from './redact.ts'
import { planLines } from '../operation-words.ts'
import { countFields, rowsOf } from './diff-rows.ts'
import { shownOperations } from './shown-operations.ts'
import { goneAfter } from '../affected-records.ts'

/** The org keeps deleted and merged-away records this long. */
const RECYCLE_BIN_SECONDS = 15 * 86_400

export interface DecisionFacts extends Standing {
  run: Run
  /** The run of the undo that was asked for last. */
  lastUndo: Run | null
  /** Undo of what stands after a partial failure; null otherwise, when the proposal's own words hold. */
  wayBack: Proposal['undo'] | null
}

/** The card: what the queue lists. */
export function decisionSummary(facts: DecisionFacts, sight: Sight): DecisionSummary {
  const { decision, changeSet, run } = facts
  const { proposal, gate } = changeSet
  return {
    id: decision.id,
    runId: decision.runId,
    mission: decision.mission,
    status: decision.status,
    version: changeSet.version,
    digest: changeSet.digest,
    sentence: render(proposal.sentence, sight),
    risk: proposal.risk,
    badges: proposal.badges.map(({ code, label, gated }) => ({ code, label: render(label, sight), gated })),
    band: proposal.band,
    subject: { ...keyOf(decision.subject), name: sight.record(decision.subject.id) ? decision.subject.name : null },
    needs: gate.needs,
    approvals: countedApprovals(facts).length,
    answered: facts.approvals
      .filter(({ voided }) => !voided)
      .map(({ userName, verb, at }) => ({ name: userName, verb, at })),
    expiresAt: decision.expiresAt,
    createdAt: decision.createdAt,
    commitsAt: decision.commitsAt,
    runStatus: run.status,
    verdict: run.verdict,
  }
}

/** The whole decision: diff, leaves, plan, checks, and what the caller may do. */
export function decisionView(facts: DecisionFacts, caller: Caller, sight: Sight): DecisionView {
  const { decision, changeSet } = facts
  const { proposal } = changeSet
  const leaves = shownLeaves(changeSet.leaves, proposal, sight)
  const closed = new Set(leaves.flatMap((leaf) => ('commitment' in leaf ? [leaf.path] : [])))
  return {
    ...decisionSummary(facts, sight),
    ...effects(proposal, sight, facts.now),
    counters: countersOf(proposal),
    leaves,
    changeSet: { operations: shownOperations(proposal.operations, (path) => closed.has(path)) },
    hidden: hiddenFields(leaves),
    rows: rowsOf(proposal, sight, (path) => closed.has(path)),
    checks: proposal.checks.map((check) => ({ ...check, label: render(check.label, sight) })),
    wrongIf: proposal.wrongIf.map((phrase) => render(phrase, sight)),
    plan: planLines(proposal, sight),
    undo: undoOf(facts, caller),
    undoes: proposal.undoes ?? null,
    roster: decision.roster,
    answers: answersOf(facts),
    rights: rightsFor(proposal.operations).filter((right) => !('id' in right) || sight.record(right.id)),
    you: whatYouMay(facts, caller, sight),
    notice: changeSet.notice ? render(changeSet.notice, sight) : null,
  }
}

/** What could be put back, and whether the caller may ask for that now. */
export function undoOf(
  { decision, changeSet, run, lastUndo, wayBack }: DecisionFacts,
  caller: Caller,
): DecisionView['undo'] {
  const permitted = UNDO_PERMISSIONS.some((permission) => caller.permissions.includes(permission))
  const { class: kind, sentence } = wayBack ?? changeSet.proposal.undo
  const why = permitted
    ? whyNotUndone(decision, run, lastUndo)
    : `Asking for an undo takes ${UNDO_PERMISSIONS.join(' or ')}.`
  const nothing = kind === 'none' ? 'Nothing of this can be put back by the mission.' : null
  return {
    class: kind,
    sentence,
    possible: (why ?? nothing) === null,
    why: why ?? nothing,
    runId: run.undo?.runId ?? null,
  }
}

const keyOf = ({ object, id }: { object: string; id: string }) => ({ object, id })

function countersOf(proposal: Proposal): DecisionView['counters'] {
  return {
    fields: countFields(proposal.operations),
    created: proposal.operations.filter((operation) => createdBy(operation) !== null).length,
    moves: proposal.moves.reduce((sum, { ids }) => sum + ids.length, 0),
    lost: proposal.lost.length,
    calls: planTransactions(proposal.operations).length,
  }
}

function effects(proposal: Proposal, sight: Sight, now: string): Pick<DecisionView, 'moves' | 'lost' | 'goesAway'> {
  const named = ({ object, id }: { object: string; id: string }) => ({
    object,
    id,
    name: proposal.names[id]?.name ?? null,
  })
  return {
    moves: proposal.moves.map(({ object, field, label, ids, amount, names }) => ({
      object,
      field,
      label,
      count: ids.length,
      amount:
        amount !== null && sight.field(`${object}.Amount`) && ids.every((id) => sight.record(id))
          ? groupDigits(amount)
          : null,
      names: names.filter(({ id }) => sight.record(id)).map(({ name }) => name),
    })),
    lost: proposal.lost
      .filter(({ record, field }) => sight.record(record.id) && sight.field(`${record.object}.${field}`))
      .map(({ record, field, value }) => ({
        record: named(record),
        field,
        label: proposal.labels[`${record.object}.${field}`] ?? field,
        value: valueText(value, field, proposal, sight),
      })),
    goesAway: goneAfter(proposal.operations)
      .filter(({ id }) => sight.record(id))
      .map((record) => ({ record: named(record), until: addSeconds(now, RECYCLE_BIN_SECONDS) })),
  }
}

/** Closed leaves that are values a person would have to judge; a field's three leaves count once. */
function hiddenFields(leaves: readonly Leaf[]): number {
  const closed = leaves.flatMap((leaf) => ('commitment' in leaf ? [leaf.path] : []))
  const fields = closed
    .filter((path) => path.startsWith('/operations/'))
    .map((path) => path.replace(/\/(from|to|source)$/, ''))
  return new Set(fields).size
}

function answersOf({ approvals }: DecisionFacts): DecisionView['answers'] {
  return approvals.map(({ userId, userName, verb, at, comment, version }) => ({
    userId,
    name: userName,
    verb,
    at,
    comment,
    version,
  }))
}

function whatYouMay(facts: DecisionFacts, caller: Caller, sight: Sight): DecisionView['you'] {
  const approve = refusalOf('approve', facts, caller, sight)
  const reject = refusalOf('reject', facts, caller, sight)
  return { canApprove: approve === null, canReject: reject === null, why: approve?.message ?? null }
}
