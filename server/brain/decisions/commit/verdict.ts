// The verdict: what the org holds after the settle time, compared with what was proposed. Pure, so that a replay gives the same.
import type { Ending } from '../../../contract/operations/fields.ts'
import { type ComparedAs, type FieldValue, isTrue } from '../../../contract/values/field-value.ts'
import {
  type Operation,
  createdBy,
  endedBy,
  leftBy,
  movedBy,
  objectOf,
  setBy,
} from '../../../contract/operations/operation.ts'
import type { Verdict } from '../../../contract/states.ts'
import { receiptKey } from '../../../contract/operations/operation.ts'
import type { ToolOutput } from '../../../contract/tools.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import type { Proposal } from '../../domain/proposal.ts'
import type { Difference } from '../../domain/run.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import { onlyFormattingDiffers, sameValue } from '../../../contract/values/field-value.ts'
import { goneAfter } from '../affected-records.ts'

export interface Found {
  digest: string
  proposal: Proposal
  /** Ids of created records by operation key. */
  created: Readonly<Record<string, string>>
  /** Ids the merges reported as moved. */
  moved: readonly string[]
  /** Values just before the write, of the records that were read again then. */
  preimage: Readonly<Record<string, Record<string, FieldValue>>>
  read: ToolOutput<'readBack'>
}

/** How many things were compared: fields set, records moved, records gone. */
export interface Compared {
  differences: Difference[]
  fields: number
  records: number
}

/** Fields every write sets by itself. */
const STAMPS: Readonly<Record<string, string>> = {
  LastModifiedDate: 'every write sets it',
  LastModifiedById: 'every write sets it',
  SystemModstamp: 'every write sets it',
}

export function verdictOf(differences: readonly Difference[]): Extract<Verdict, 'verified' | 'differs'> {
  return differences.every(({ expected }) => expected) ? 'verified' : 'differs'
}

/** Compares every field, loser, moved record, creation and receipt with the proposal, then looks for what else changed. */
export function compare(found: Found): Compared {
  const records = new Map(found.read.records.map((record) => [record.id, record]))
  const gone = new Set(goneAfter(found.proposal.operations).map(({ id }) => id))
  const wanted = wantedValues(found.proposal.operations, found.created, gone)
  const fields = wanted.flatMap((value) => differenceOf(value, records.get(value.record.id), found))
  const ends = found.proposal.operations.flatMap(endedBy).flatMap((end) => endOf(end, records, found))
  const moves = movesOf(found, records)
  const others = otherChanges(found, records, wanted, gone)
  const lost = lostValues(found, records)
  const differences = [...fields, ...ends, ...moves.differences, ...missingReceipt(found), ...others, ...lost]
  return { differences, fields: wanted.length, records: gone.size + moves.count }
}

interface Wanted {
  record: RecordKey
  field: string
  to: FieldValue
}

function wantedValues(
  operations: readonly Operation[],
  created: Readonly<Record<string, string>>,
  gone: ReadonlySet<string>,
): Wanted[] {
  const all = operations.flatMap((operation): Wanted[] => {
    const key = createdBy(operation)
    const made = key === null ? null : { object: objectOf(operation), id: created[key] ?? `new ${key}` }
    const set = setBy(operation).flatMap(({ record, field, to }) => {
      const about = record ?? made
      return about ? [{ record: about, field, to }] : []
    })
    return [...set, ...leftBy(operation)]
  })
  // The last operation on a field decides what it must hold; of records that end, only their end counts.
  const last = new Map(all.map((value) => [`${value.record.id}.${value.field}`, value]))
  return [...last.values()].filter(({ record }) => !gone.has(record.id))
}

function differenceOf(
  wanted: Wanted,
  record: RecordValues | undefined,
  { proposal, read }: Pick<Found, 'proposal' | 'read'>,
): Difference[] {
  const found = record?.values[wanted.field]
  if (record && sameValue(wanted.to, found ?? null, typeOf(record, wanted.field, read))) return []
  const about = {
    record: wanted.record,
    recordName: proposal.names[wanted.record.id]?.name ?? null,
    field: wanted.field,
  }
  const difference = { ...about, proposed: wanted.to, found: found ?? null }
  if (!record) return [{ ...difference, expected: false, reason: 'the record was not found' }]
  if (onlyFormattingDiffers(wanted.to, found))
    return [{ ...difference, expected: true, reason: 'the org formats this value in its own way' }]
  const named = expectedReason(proposal, wanted.record.id, wanted.field)
  return [
    { ...difference, expected: named !== null, reason: named ?? 'something in the org changed it after the write' },
  ]
}

/** How the field is compared; null where salesforce-mcp sent no type. */
const typeOf = ({ object }: RecordValues, field: string, { types }: Found['read']): ComparedAs | null =>
  types?.[object]?.[field] ?? null

function expectedReason(proposal: Proposal, id: string, field: string): string | null {
  return proposal.expected.find((entry) => entry.id === id && entry.field === field)?.reason ?? STAMPS[field] ?? null
}

function endOf(
  { record, mergedInto }: Ending,
  records: ReadonlyMap<string, RecordValues>,
  { proposal }: Found,
): Difference[] {
  const found = records.get(record.id)
  const about = { record, recordName: proposal.names[record.id]?.name ?? null, expected: false }
  if (mergedInto !== null) {
    const into = found?.values['MasterRecordId'] ?? null
    if (into === mergedInto) return []
    return [{ ...about, field: 'MasterRecordId', proposed: mergedInto, found: into, reason: 'it was not merged' }]
  }
  if (!found || isTrue(found.values['IsDeleted'])) return []
  return [{ ...about, field: 'IsDeleted', proposed: true, found: false, reason: 'it was not deleted' }]
}

function movesOf(
  found: Found,
  records: ReadonlyMap<string, RecordValues>,
): { differences: Difference[]; count: number } {
  const reported = new Set(found.moved)
  const gone = new Set(goneAfter(found.proposal.operations).map(({ id }) => id))
  let count = 0
  const differences = found.proposal.operations.flatMap((op) => {
    return movedBy(op).flatMap(({ move, to }) => {
      const ids = 'ids' in move ? move.ids.filter((id) => !gone.has(id)) : []
      count += ids.length
      return ids.flatMap((id): Difference[] => {
        const now = records.get(id)?.values[move.field]
        if (now === to || (now === undefined && reported.has(id))) return []
        const named = expectedReason(found.proposal, id, move.field)
        return [
          {
            record: { object: move.object, id },
            recordName: found.proposal.names[id]?.name ?? null,
            field: move.field,
            proposed: to,
            found: now ?? null,
            expected: named !== null,
            reason: named ?? (now === undefined ? 'it was not found after the merge' : 'it did not move'),
          },
        ]
      })
    })
  })
  return { differences, count }
}

function missingReceipt({ digest, read, proposal }: Found): Difference[] {
  const key = receiptKey(digest, 1)
  if (read.receipts.some((receipt) => receipt.key === key)) return []
  const about = { record: proposal.subject, recordName: proposal.subject.name, field: 'Mission_Receipt__c' }
  return [{ ...about, proposed: key, found: null, expected: false, reason: 'the receipt was not found' }]
}

/** Changes without a proposal: any other field of a touched record that is not as it was before the write. */
function otherChanges(
  { proposal, preimage, read }: Found,
  records: ReadonlyMap<string, RecordValues>,
  wanted: readonly Wanted[],
  gone: ReadonlySet<string>,
): Difference[] {
  const set = new Set(wanted.map(({ record, field }) => `${record.id}.${field}`))
  const touched = [...new Set(wanted.map(({ record }) => record.id))].filter((id) => !gone.has(id))
  return touched.flatMap((id) => {
    const record = records.get(id)
    const before = preimage[id] ?? proposal.before[id]
    if (!record || !before) return []
    return Object.entries(before).flatMap(([field, was]): Difference[] => {
      const now = record.values[field]
      if (set.has(`${id}.${field}`) || field.includes('.') || now === undefined) return []
      if (sameValue(was, now, typeOf(record, field, read))) return []
      const named = expectedReason(proposal, id, field)
      const reason = named ?? 'not proposed; something in the org changed it'
      const about = { record: { object: record.object, id }, recordName: proposal.names[id]?.name ?? null, field }
      return [{ ...about, proposed: was, found: now, expected: named !== null, reason }]
    })
  })
}

/** Fields of a merged-away record that the merge itself sets, or that follow its child records. */
const SET_BY_MERGE = new Set([...Object.keys(STAMPS), 'IsDeleted', 'MasterRecordId', 'LastActivityDate'])

/** Values of a merged-away record that are not those that were approved: the merge took them along unseen. */
function lostValues({ proposal, preimage, read }: Found, records: ReadonlyMap<string, RecordValues>): Difference[] {
  const own = new Set(proposal.operations.flatMap(setBy).map(({ record, field }) => `${record?.id}.${field}`))
  const merged = proposal.operations.flatMap(endedBy).filter(({ mergedInto }) => mergedInto !== null)
  return merged.flatMap(({ record: { object, id } }) => {
    const record = records.get(id)
    if (!isTrue(record?.values['IsDeleted'])) return []
    const computed = new Set(read.computed?.[object] ?? [])
    const about = { record: { object, id }, recordName: proposal.names[id]?.name ?? null, expected: false }
    return Object.entries({ ...preimage[id], ...proposal.before[id] }).flatMap(([field, was]): Difference[] => {
      const now = record?.values[field]
      if (now === undefined || SET_BY_MERGE.has(field) || field.includes('.')) return []
      if (computed.has(field) || own.has(`${id}.${field}`)) return []
      if (record && sameValue(was, now, typeOf(record, field, read))) return []
      return [
        { ...about, field, proposed: was, found: now, reason: 'changed after the approval and lost in the merge' },
      ]
    })
  })
}
