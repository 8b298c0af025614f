// A decision as one reader may see it: everything withheld is counted, nothing is leaked.
import type { DecisionSummary, DecisionView } from '../../../contract/http.ts'
import { bothStages, peopleNeeded } from '../../../contract/gate/people.ts'
import { rightsFor } from '../../../contract/rights.ts'
import type { Leaf } from '../../../contract/seal.ts'
import { planTransactions, createdBy } from '../../../contract/operations/operation.ts'
import { addSeconds } from '../../../contract/values/instant.ts'
import type { Decision } from '../../domain/decision.ts'
import { groupDigits } from '../../domain/digits.ts'
import { render, type ReadAccess } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import type { Run } from '../../domain/run.ts'
import { UNDO_PERMISSIONS, whyNotUndone } from '../../undo/plan/undo-state.ts'
import { approversOf, gateStanding, refusalOf, type Caller, type Standing } from '../eligibility.ts'
import { overlapsOf, type OpenQuestion } from '../others/open-questions.ts'
import { valueText } from './format.ts'
import { shownLeaves } from './redact.ts'
import { planLines } from '../operation-words.ts'
import { countFields, rowsOf } from './diff-rows.ts'
import { shownOperations } from './shown-operations.ts'
import { goneAfter } from '../affected-records.ts'

/** The org keeps deleted and merged-away records this long. */
const RECYCLE_BIN_SECONDS = 15 * 86_400

export interface LoadedDecision extends Standing {
  run: Run
  /** The run of the undo that was asked for last. */
  lastUndo: Run | null
  /** Undo of what stands after a partial failure; null otherwise, when the proposal's own words hold. */
  wayBack: Proposal['undo'] | null
  /** Of an undo, the change set that it puts back and who approved that; null of any other. */
  ended: Pick<Standing, 'decision' | 'changeSet' | 'approvals'> | null
  /** Other open decisions about the same records; empty in lists. */
  others: readonly OpenQuestion[]
}

/** The card: what the queue lists. */
export function decisionSummary(facts: LoadedDecision, access: ReadAccess): DecisionSummary {
  const { decision, changeSet, run } = facts
  const { proposal, gate } = changeSet
  return {
    id: decision.id,
    runId: decision.runId,
    mission: decision.mission,
    status: decision.status,
    version: changeSet.version,
    digest: changeSet.digest,
    sentence: render(proposal.sentence, access),
    risk: proposal.risk,
    badges: proposal.badges.map(({ code, label, gated }) => ({ code, label: render(label, access), gated })),
    band: proposal.band,
    subject: { ...keyOf(decision.subject), name: access.record(decision.subject.id) ? decision.subject.name : null },
    needs: peopleNeeded(bothStages(gate)),
    approvals: approversOf(facts).length,
    answered: [
      ...facts.approvals
        .filter(({ voided }) => !voided)
        .map(({ userName, verb, at }) => ({ name: userName, verb, at })),
      ...answeredBefore(decision.settledBy),
    ],
    expiresAt: decision.expiresAt,
    createdAt: decision.createdAt,
    commitsAt: decision.commitsAt,
    notBefore: proposal.notBefore ?? null,
    runStatus: run.status,
    verdict: run.verdict,
  }
}

/** Answers that were lost with the database, by the receipt's word; their time is that of the write. */
function answeredBefore(settledBy: Decision['settledBy']): DecisionSummary['answered'] {
  return (settledBy?.approvedBy ?? []).map(({ name }) => ({ name, verb: 'approve', at: settledBy?.at ?? '' }))
}

/** The whole decision: diff, leaves, plan, checks, and what the caller may do. */
export function decisionView(facts: LoadedDecision, caller: Caller, access: ReadAccess): DecisionView {
  const { decision, changeSet } = facts
  const { proposal } = changeSet
  const leaves = shownLeaves(changeSet.leaves, proposal, access)
  const closed = new Set(leaves.flatMap((leaf) => ('commitment' in leaf ? [leaf.path] : [])))
  return {
    ...decisionSummary(facts, access),
    ...effects(proposal, access, facts.now),
    counters: countersOf(proposal),
    leaves,
    changeSet: { operations: shownOperations(proposal.operations, (path) => closed.has(path)) },
    hidden: hiddenFields(leaves),
    rows: rowsOf(proposal, access, (path) => closed.has(path)),
    checks: proposal.checks.map((check) => ({ ...check, label: render(check.label, access) })),
    wrongIf: proposal.wrongIf.map((phrase) => render(phrase, access)),
    mustHold: mustHold(proposal, access),
    review: proposal.review ?? null,
    cautions: (proposal.cautions ?? []).map((caution) => ({ ...caution, text: render(caution.text, access) })),
    plan: planLines(proposal, access),
    undo: undoOf(facts, caller),
    undoes: proposal.undoes ?? null,
    rosters: decision.rosters.map(({ then = false, ...roster }) => ({ ...roster, then })),
    askedNow: decision.status === 'open' ? gateStanding(facts).left : [],
    answers: answersOf(facts),
    overlaps: overlapsSeen(facts, access),
    rights: rightsFor(proposal.operations).filter((right) => !('id' in right) || access.record(right.id)),
    you: whatYouMay(facts, caller, access),
    notice: changeSet.notice ? render(changeSet.notice, access) : null,
  }
}

function overlapsSeen({ others, changeSet }: LoadedDecision, access: ReadAccess): DecisionView['overlaps'] {
  return others.flatMap(({ decision, changeSet: other }) => {
    const found = overlapsOf(changeSet.proposal.operations, other.proposal.operations)
    const fields = found
      .filter(({ record, field }) => access.record(record) && (!field.includes('.') || access.field(field)))
      .map(({ field }) => field)
    return fields.length === 0 ? [] : [{ decisionId: decision.id, fields: [...new Set(fields)].sort() }]
  })
}

const mustHold = ({ assertions = [], names }: Proposal, access: ReadAccess): DecisionView['mustHold'] =>
  assertions.map(({ holds, over }) => ({
    holds,
    records: over
      .filter(({ id }) => access.record(id))
      .map(({ object, id }) => ({ object, id, name: names[id]?.name ?? null })),
  }))

/** The undo that would be possible, and if the caller may request it now. */
export function undoOf(
  { decision, changeSet, run, lastUndo, wayBack }: LoadedDecision,
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

function effects(
  proposal: Proposal,
  access: ReadAccess,
  now: string,
): Pick<DecisionView, 'moves' | 'lost' | 'goesAway'> {
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
        amount !== null && access.field(`${object}.Amount`) && ids.every((id) => access.record(id))
          ? groupDigits(amount)
          : null,
      names: names.filter(({ id }) => access.record(id)).map(({ name }) => name),
    })),
    lost: proposal.lost
      .filter(({ record, field }) => access.record(record.id) && access.field(`${record.object}.${field}`))
      .map(({ record, field, value }) => ({
        record: named(record),
        field,
        label: proposal.labels[`${record.object}.${field}`] ?? field,
        value: valueText(value, field, proposal, access),
      })),
    goesAway: goneAfter(proposal.operations)
      .filter(({ id }) => access.record(id))
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

function answersOf({ approvals }: LoadedDecision): DecisionView['answers'] {
  return approvals.map(({ userId, userName, verb, at, comment, version }) => ({
    userId,
    name: userName,
    verb,
    at,
    comment,
    version,
  }))
}

function whatYouMay(facts: LoadedDecision, caller: Caller, access: ReadAccess): DecisionView['you'] {
  const approve = refusalOf('approve', facts, caller, access)
  const reject = refusalOf('reject', facts, caller, access)
  return { canApprove: approve === null, canReject: reject === null, why: approve?.message ?? null }
}
