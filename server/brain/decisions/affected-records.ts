// Which records and fields a proposal touches, mentions or shows: what must be asked before anyone is shown it.
import { type Operation, endedBy, fieldsSetBy, objectOf } from '../../contract/operations/operation.ts'
import type { Phrase } from '../domain/phrase.ts'
import { restsOn } from '../domain/phrase.ts'
import type { Proposal } from '../domain/proposal.ts'
import { isRecordId } from '../domain/record-id.ts'
import type { RecordKey } from '../../contract/values/ids.ts'

/** `Object.Field` of everything the operations set. */
function fieldNames(operations: readonly Operation[]): string[] {
  return [...new Set(operations.flatMap((op) => fieldsSetBy(op).map((field) => `${objectOf(op)}.${field}`)))]
}

/** Records that are gone once the operations are done. */
export function goneAfter(operations: readonly Operation[]): RecordKey[] {
  return operations.flatMap(endedBy).map(({ record }) => record)
}

/** Record ids among the values of an operation: parents, owners, lookups, sources. */
function idsAmongValues(operation: Operation): string[] {
  const found: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      const id = value.startsWith('record:') ? value.slice('record:'.length) : value
      if (isRecordId(id)) found.push(id)
    } else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk)
  }
  walk(operation)
  return found
}

function phrasesOf(proposal: Proposal): Phrase[] {
  return [
    proposal.sentence,
    ...proposal.badges.map(({ label }) => label),
    ...proposal.checks.map(({ label }) => label),
    ...proposal.wrongIf,
  ]
}

/** Everything a view of this proposal could show, as record ids and `Object.Field` names. */
export function affectedBy(proposal: Proposal): { records: Set<string>; fields: Set<string> } {
  const records = new Set([proposal.subject.id, ...Object.keys(proposal.names), ...Object.keys(proposal.base)])
  const fields = new Set([...fieldNames(proposal.operations), ...proposal.gatedFields, ...Object.keys(proposal.labels)])
  for (const operation of proposal.operations) idsAmongValues(operation).forEach((id) => records.add(id))
  for (const { record, field } of proposal.lost) {
    records.add(record.id)
    fields.add(`${record.object}.${field}`)
  }
  for (const { object, id, field } of proposal.evidence ?? []) {
    records.add(id)
    fields.add(`${object}.${field}`)
  }
  for (const { over } of proposal.assertions ?? []) over.forEach(({ id }) => records.add(id))
  for (const move of proposal.moves) {
    move.ids.forEach((id) => records.add(id))
    if (move.amount !== null) fields.add(`${move.object}.Amount`)
  }
  for (const [id, values] of Object.entries(proposal.before)) {
    records.add(id)
    const object = proposal.names[id]?.object
    if (object) for (const field of Object.keys(values)) fields.add(`${object}.${field}`)
  }
  for (const phrase of phrasesOf(proposal)) {
    const rests = restsOn(phrase)
    rests.records.forEach(({ id }) => records.add(id))
    rests.fields.forEach((field) => fields.add(field))
  }
  return { records, fields }
}
