import type { GateRequirement } from '../../../../contract/gate/lines.ts'
import { gateFactsOf } from '../../../../contract/gate/facts.ts'
import { judgeGate } from '../../../../contract/gate/judge.ts'
import type { FieldValue } from '../../../../contract/values/field-value.ts'
import { type Operation, expectedDifferences } from '../../../../contract/operations/operation.ts'
import type { Grant } from '../../../../contract/grant.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { PhaseContext, PhaseFunction, PhaseOutcome } from '../../../runs/phase.ts'
import type { NamedRecord, Proposal } from '../../../domain/proposal.ts'
import type { NewObservation } from '../../../domain/run.ts'
import { nameOf } from '../../../domain/say.ts'
import { foreseeUndo } from '../../../undo/plan/undo-plan.ts'
import { undoStatement } from '../../../undo/plan/undo-words.ts'
import { mergePolicy } from '../../../knowledge/merge-policy.ts'
import { territoryRules } from '../../../knowledge/territories.ts'
import { nothingToDo } from '../../../runs/nothing-to-do.ts'
import { inputMix } from '../shapes/input-mix.ts'
import type { ReadResult, ReasonResult } from '../shapes/phase-results.ts'
import { named, namedChild, relatedCount } from './account.ts'
import { badgesOf } from './badges.ts'
import { cautionsOf } from './cautions.ts'
import { checksOf, wrongIf } from './checks.ts'
import { convertOperation } from './convert.ts'
import { evidenceOf } from './evidence.ts'
import { planLead, type LeadPlan } from './lead-plan.ts'
import { planMerge, type MergePlan } from './merge-plan.ts'
import { proposedLine, sentenceOf } from './wording.ts'
import { labelOf } from '../../../missions/readable-fields.ts'

interface Plans {
  lead: RecordValues
  merge: MergePlan
  leadPlan: LeadPlan
  operations: Operation[]
  /** Lead and accounts by id. */
  records: Map<string, RecordValues>
  /** What the mission may write, and so also put back. */
  grant: Grant
}

/** Composes the change set and everything a person needs to judge it. Writes nothing. */
export const propose: PhaseFunction = async (context) => {
  const outcome = await composed(context)
  if (outcome.kind === 'wait') return outcome
  const { lead } = context.result<ReadResult>('read')
  const proposal = outcome.kind === 'next' ? (outcome.result as Proposal) : null
  return { ...outcome, mix: inputMix(context, lead, proposal?.band ?? null, proposal?.operations ?? []) }
}

async function composed(context: PhaseContext): Promise<PhaseOutcome> {
  const read = context.result<ReadResult>('read')
  const answer = context.result<ReasonResult>('reason')
  const linked = read.lead.values['Matched_Account__c'] ?? null
  if (typeof linked === 'string' && !answer.company.includes(linked)) {
    const text = [nameOf(named(read.lead)), ' is linked to another account already; that stays']
    return nothingToDo(text, { records: [key(read.lead)], fields: ['Lead.Matched_Account__c'] })
  }
  const plans = await plansOf(context, read, answer)
  const { merge, operations, lead } = plans
  if (operations.length === 0) {
    return nothingToDo([nameOf(named(lead)), ' is linked and routed already'], {
      records: [key(lead)],
      before: merge.say,
    })
  }
  const { gate: lines, facts } = context.mission.definition
  const gate = judgeGate(lines, gateFactsOf(operations, plans.records, facts))
  if ('block' in gate) {
    return nothingToDo([`${gate.block}: this mission may propose nothing here`], {
      records: [key(merge.survivor)],
      before: merge.say,
    })
  }
  const proposal = proposalOf(plans, read, answer, gate.require)
  const say: NewObservation[] = [
    ...merge.say,
    ...removedSaid(merge),
    ...routedSaid(plans.leadPlan),
    { kind: 'proposed', text: proposedLine(merge, lead), records: [key(lead), ...merge.losers.map(key)] },
  ]
  return { kind: 'next', result: proposal, say }
}

async function plansOf(context: PhaseContext, read: ReadResult, answer: ReasonResult): Promise<Plans> {
  const { mission } = context
  const { lead, accounts, owners } = read
  const company = accounts.filter(({ id }) => answer.company.includes(id))
  const policy = await context.knowledge(mission.definition.propose.merge?.survivorship ?? 'account-merge-policy')
  const merge = planMerge(mission, company, { rules: mergePolicy(policy.source), version: policy.version })
  const routes = mission.definition.knowledge.includes('territory-rules')
    ? await context.knowledge('territory-rules')
    : null
  const territories = routes && { rules: territoryRules(routes.source), version: routes.version }
  const at = await context.now('proposed-at')
  const leadPlan = planLead({ mission, lead, account: merge.survivor, company, owners, territories, at })
  const convert = convertOperation(mission, lead, merge.survivor, leadPlan, read.convertedStatus)
  return {
    lead,
    merge,
    leadPlan,
    operations: [...leadPlan.operations, ...convert, ...merge.operations],
    records: new Map([lead, ...accounts].map((record) => [record.id, record])),
    grant: mission.grant,
  }
}

function proposalOf(plans: Plans, read: ReadResult, answer: ReasonResult, gate: GateRequirement): Proposal {
  const { lead, merge, leadPlan, operations, records } = plans
  const touched = touchedRecords(plans)
  const values = Object.fromEntries(touched.map(({ id, values: all }) => [id, ownFields(all)]))
  const relations = Object.fromEntries(Object.entries(merge.shared.before).map(([id, all]) => [id, ownFields(all)]))
  const before = { ...values, ...relations }
  const checks = checksOf(answer, merge, records)
  const sentence = sentenceOf(lead, merge, leadPlan, answer)
  const evidence = evidenceOf(
    [lead, merge.survivor, ...merge.losers],
    [sentence, ...checks.map(({ label }) => label)],
    operations,
  )
  return {
    subject: named(lead),
    operations,
    ...(evidence.length > 0 && { evidence }),
    base: Object.fromEntries(
      Object.entries(before).flatMap(([id, { SystemModstamp }]) =>
        typeof SystemModstamp === 'string' ? [[id, SystemModstamp]] : [],
      ),
    ),
    sentence,
    band: answer.band ?? 'uncertain',
    ...badgesOf(operations, merge, gate, answer.withheld ?? []),
    checks,
    wrongIf: wrongIf(lead, merge, answer),
    ...cautionsOf(answer.withheld ?? [], read.labels),
    weighed: {
      related: Object.fromEntries([merge.survivor, ...merge.losers].map((each) => [each.id, relatedCount(each)])),
      inactiveUsers: read.owners.filter(({ isActive }) => !isActive).map(({ id }) => id),
    },
    gate,
    gatedFields: gatedFields(operations, merge),
    lost: (merge.survival?.lost ?? []).map(({ id, field, value }) => ({
      record: { object: 'Account', id },
      field,
      value,
    })),
    moves: merge.moves,
    expected: expectedDifferences(operations),
    undo: undoStatement(foreseeUndo(operations, plans.grant)),
    names: namesOf(plans, read),
    labels: labelsOf(operations, before, records, read.labels),
    before,
  }
}

/** The lead only when an operation is about it, the accounts only when they are merged: linking does not touch the account. */
function touchedRecords({ lead, merge, operations }: Plans): RecordValues[] {
  const touchesLead = operations.some((op) => 'id' in op && op.id === lead.id)
  return [...(touchesLead ? [lead] : []), ...(merge.losers.length > 0 ? [merge.survivor, ...merge.losers] : [])]
}

/** Fields whose change approvers must have seen, and so must be allowed to see. */
function gatedFields(operations: readonly Operation[], { moves }: MergePlan): string[] {
  const owners = operations.flatMap((op) => (op.kind === 'changeOwner' ? [`${op.object}.OwnerId`] : []))
  const amounts = moves.some(({ amount }) => amount !== null && amount !== '0') ? ['Opportunity.Amount'] : []
  return [...new Set([...owners, ...amounts])]
}

/** Names of every record the proposal mentions, so that nobody has to read an id. */
function namesOf({ lead, merge, leadPlan, records }: Plans, { owners }: ReadResult): Record<string, NamedRecord> {
  const all = [lead, ...records.values()]
  const contacts = [merge.survivor, ...merge.losers].flatMap(({ children }) => children?.['Contacts']?.records ?? [])
  const parents = all.flatMap(({ values }) => [
    ...parent('User', values['OwnerId'], values['Owner.Name']),
    ...parent('Account', values['ParentId'], values['Parent.Name']),
  ])
  const list: NamedRecord[] = [
    ...parents,
    ...contacts.map((contact) => namedChild('Contact', contact)),
    ...merge.moves.flatMap(({ names }) => names),
    ...owners.map(({ id, name }) => ({ object: 'User', id, name })),
    ...merge.shared.deletes.map(({ operation }) => ({
      object: operation.object,
      id: operation.id,
      name: 'Contact relation',
    })),
    ...(leadPlan.contact ? [leadPlan.contact] : []),
    ...all.map(named),
  ]
  return Object.fromEntries(list.map((record) => [record.id, record]))
}

function parent(object: string, id: FieldValue | undefined, name: FieldValue | undefined): NamedRecord[] {
  if (typeof id !== 'string' || typeof name !== 'string') return []
  return [{ object: object === 'User' && id.startsWith('00G') ? 'Group' : object, id, name }]
}

function labelsOf(
  operations: readonly Operation[],
  before: Proposal['before'],
  records: ReadonlyMap<string, RecordValues>,
  described: Readonly<Record<string, string>>,
): Record<string, string> {
  const read = Object.entries(before).flatMap(([id, values]) => {
    const object = records.get(id)?.object ?? 'AccountContactRelation'
    return Object.keys(values).map((field) => [object, field] as const)
  })
  const set = operations.flatMap((op) =>
    'fields' in op ? Object.keys(op.fields).map((field) => [op.object, field] as const) : [],
  )
  const pairs = [...read, ...set, ['Opportunity', 'Amount'] as const].map(
    ([object, field]) => [`${object}.${field}`, field] as const,
  )
  const labels = pairs.map(([name, field]) => [name, described[name] ?? labelOf(field)] as const)
  return Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function removedSaid({ shared }: MergePlan): NewObservation[] {
  return shared.deletes.map(({ operation }) => ({
    kind: 'concluded',
    text: ['A related contact is on both accounts; the indirect relation is removed first'],
    records: [{ object: operation.object, id: operation.id }],
  }))
}

function routedSaid({ owner }: LeadPlan): NewObservation[] {
  if (!owner) return []
  const person = { text: owner.to.name, record: { object: 'User', id: owner.to.id } }
  return [{ kind: 'concluded', text: [person, ` owns territory ${owner.territory}`], citations: [owner.citation] }]
}

const key = ({ object, id }: RecordValues) => ({ object, id })

const ownFields = (values: RecordValues['values']) =>
  Object.fromEntries(Object.entries(values).filter(([field]) => !field.includes('.')))
