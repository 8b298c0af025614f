import type { GateRequirement } from '../../contract/gate/lines.ts'
import { gateFactsOf } from '../../contract/gate/facts.ts'
import { judgeGate, stricter, type GateAnswer } from '../../contract/gate/judge.ts'
import { bothStages, peopleNeeded } from '../../contract/gate/people.ts'
import type { FieldValue } from '../../contract/values/field-value.ts'
import {
  type Operation,
  expectedDifferences,
  fieldsSetBy,
  isIn,
  objectOf,
  setBy,
  touchedBy,
} from '../../contract/operations/operation.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import type { PhaseContext, PhaseFunction } from '../runs/phase.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { Check, NamedRecord, Proposal } from '../domain/proposal.ts'
import type { RecordKey } from '../../contract/values/ids.ts'
import { fit, inWords, listed, nameOf } from '../domain/say.ts'
import { foreseeUndo } from './plan/undo-plan.ts'
import { labelled, putsBack, sayStay, undoStatement } from './plan/undo-words.ts'
import { nothingToDo } from '../runs/nothing-to-do.ts'
import { labelOf } from '../domain/described.ts'
import type { NowResult, PlanResult, UndoneResult } from './results.ts'

/** Composes the inverse change set and everything a person needs to judge it. Writes nothing. */
export const proposeUndo: PhaseFunction = (context) => {
  const undone = context.result<UndoneResult>('trigger')
  const now = context.result<NowResult>('read')
  const plan = context.result<PlanResult>('reason')
  const gate = gateOf(context, undone, now, plan)
  if ('block' in gate) return Promise.resolve(nothingToDo([`${gate.block}: this mission may propose nothing here`]))
  const proposal = proposalOf(context, { undone, now, plan }, gate.require)
  const text: Phrase = ['Undo for ', nameOf(proposal.subject), `: ${putsBack(plan).toLowerCase()}`]
  const say = [{ kind: 'proposed' as const, text: fit(text), records: touched(plan) }]
  return Promise.resolve({ kind: 'next', result: proposal, say })
}

/** The line that applies to these changes, and never fewer people than the decision that is put back took. */
function gateOf(
  { mission }: PhaseContext,
  undone: UndoneResult,
  { records }: NowResult,
  { operations }: PlanResult,
): GateAnswer {
  const byId = new Map(records.map((record) => [record.id, record]))
  const { gate: lines, facts } = mission.definition
  const gate = judgeGate(lines, gateFactsOf(operations, byId, facts))
  return 'require' in gate ? { require: stricter(gate.require, undone.gate) } : gate
}

interface Parts {
  undone: UndoneResult
  now: NowResult
  plan: PlanResult
}

function proposalOf(context: PhaseContext, parts: Parts, gate: GateRequirement): Proposal {
  const { undone, now, plan } = parts
  const { operations } = plan
  const names = namesOf(parts)
  const ids = new Set(touched(plan).map(({ id }) => id))
  const records = now.records.filter(({ id }) => ids.has(id))
  const before = Object.fromEntries(records.map(({ id, values }) => [id, ownFields(values)]))
  const labels = labelsOf(records, undone.labels)
  const owners = operations.filter((operation) => isIn('owners', operation))
  return {
    subject: undone.subject,
    operations,
    base: Object.fromEntries(records.flatMap(({ id, values }) => stampOf(id, values))),
    sentence: sentenceOf(parts, names),
    band: 'strong',
    risk: peopleNeeded(bothStages(gate)) > 1 ? 'high' : 'medium',
    badges: [
      { code: 'undo', label: ['Undo of an earlier change'], gated: false },
      ...(owners.length > 0 ? [{ code: 'owner-changes', label: ['Owner changes'], gated: true }] : []),
    ],
    checks: checksOf(parts, names, labels),
    wrongIf: [['Somebody may rely by now on the values that would be taken back']],
    gate,
    gatedFields: gatedFields(operations, undone.gatedFields),
    lost: [],
    moves: [],
    expected: expectedDifferences(operations),
    undo: undoStatement(foreseeUndo(operations, context.mission.grant)),
    undoes: undone.asked,
    names,
    labels,
    before,
  }
}

/** At most 40 words. */
function sentenceOf({ undone, plan }: Parts, names: Proposal['names']): Phrase {
  const records = touched(plan).map(({ object, id }) => inWords(nameOf(names[id] ?? { object, id, name: object }), 6))
  const more = records.length > 2 ? [`${records.length - 1} more`] : records.slice(1)
  const stays = plan.stays.length
  const rest = stays === 0 ? '' : stays === 1 ? ' 1 thing stays as it is.' : ` ${stays} things stay as they are.`
  return [
    `${putsBack(plan)}: `,
    ...listed([...records.slice(0, 1), ...more]),
    `, as before the change proposed on ${undone.proposedOn}.${rest}`,
  ]
}

/** What still holds speaks for it; what was left alone is shown as speaking against it. */
function checksOf({ plan }: Parts, names: Proposal['names'], labels: Proposal['labels']): Check[] {
  const name = ({ object, id }: RecordKey) => nameOf(names[id] ?? { object, id, name: object })
  const check = (label: Phrase, agrees: boolean): Check => ({ label, agrees, by: 'rule', citations: [] })
  const holds = plan.operations.flatMap((op) => {
    if (op.kind === 'undelete')
      return touchedBy(op).map((record) => check([name(record), ' is in the Recycle Bin'], true))
    const fields = fieldsSetBy(op)
    if (fields.length === 0) return touchedBy(op).map((record) => check([name(record), ' is as it was created'], true))
    return setBy(op).flatMap(({ record, field }) =>
      record
        ? [check([labelled(record, field, labels), ' of ', name(record), ' still holds what was written'], true)]
        : [],
    )
  })
  return [...holds, ...plan.stays.map((stay) => check(sayStay(stay, names, labels), false))]
}

function gatedFields(operations: readonly Operation[], before: readonly string[]): string[] {
  const set = operations.flatMap((op) => fieldsSetBy(op).map((field) => `${objectOf(op)}.${field}`))
  return [...new Set(set)].filter((field) => field.endsWith('.OwnerId') || before.includes(field))
}

function namesOf({ undone, now }: Parts): Record<string, NamedRecord> {
  const read = [...now.users, ...now.records].flatMap(({ object, id, values }): [string, NamedRecord][] => {
    const name = values['Name'] ?? values['Subject']
    return typeof name === 'string' ? [[id, { object, id, name }]] : []
  })
  return { ...undone.names, ...Object.fromEntries(read) }
}

function labelsOf(records: readonly RecordValues[], known: Proposal['labels']): Proposal['labels'] {
  const pairs = records.flatMap(({ object, values }) =>
    Object.keys(ownFields(values)).map((field) => {
      const name = `${object}.${field}`
      return [name, known[name] ?? labelOf(field)] as const
    }),
  )
  return { ...known, ...Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function touched({ operations }: PlanResult): RecordKey[] {
  const all = operations.flatMap(touchedBy)
  return [...new Map(all.map((record) => [record.id, record])).values()]
}

const ownFields = (values: RecordValues['values']): Record<string, FieldValue> =>
  Object.fromEntries(Object.entries(values).filter(([field]) => !field.includes('.')))

function stampOf(id: string, { SystemModstamp }: RecordValues['values']): [string, string][] {
  return typeof SystemModstamp === 'string' ? [[id, SystemModstamp]] : []
}
