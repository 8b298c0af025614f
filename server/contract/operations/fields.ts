// What the kinds of operations are made of: changed values with their sources, and the rules each kind states about itself.
import { z } from 'zod'
import { FieldValue } from '../values/field-value.ts'
import { ApiName, SalesforceId, type RecordKey } from '../values/ids.ts'

/** Origin of a proposed value; `model` and `text` always need a person. */
export const Source = z.union([
  z.literal('kept'),
  z.string().regex(/^record:[a-zA-Z0-9]{18}$/),
  z.string().regex(/^rule:.{1,120}$/),
  z.string().regex(/^knowledge:.{1,200}$/),
  z.string().regex(/^computed:.{1,200}$/),
  /** Taken out of a text that people or machines wrote into a record. */
  z.string().regex(/^text:.{1,200}$/),
  z.string().regex(/^model\(.{0,400}\)$/),
  z.string().regex(/^person:[a-zA-Z0-9]{18}$/),
])
export type Source = z.infer<typeof Source>

export const Change = z.strictObject({ from: FieldValue, to: FieldValue, source: Source })
export const NewValue = z.strictObject({ to: FieldValue, source: Source })
export type Change = z.infer<typeof Change>
export type NewValue = z.infer<typeof NewValue>

export const Move = z.union([
  z.strictObject({ object: ApiName, field: ApiName, ids: z.array(SalesforceId).max(200) }),
  z.strictObject({
    object: ApiName,
    field: ApiName,
    count: z.number().int().positive(),
    checksum: z.string().max(128),
  }),
])
export type Move = z.infer<typeof Move>

/** One thing the approver must be able to do in the org right now; Apex checks each in user mode before it signs. */
export const Right = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('edit'), object: ApiName, id: SalesforceId, fields: z.array(ApiName) }),
  z.strictObject({ verb: z.literal('create'), object: ApiName, fields: z.array(ApiName) }),
  z.strictObject({ verb: z.literal('delete'), object: ApiName, id: SalesforceId }),
  /** Of records in the Recycle Bin: the org answers for the object alone. */
  z.strictObject({ verb: z.literal('undelete'), object: ApiName }),
  z.strictObject({ verb: z.literal('transfer'), object: ApiName, id: SalesforceId }),
  /** Records that are not known by id: the object and these fields of it must be the approver's to edit. */
  z.strictObject({ verb: z.literal('reassign'), object: ApiName, fields: z.array(ApiName) }),
  z.strictObject({ verb: z.literal('convert'), object: z.literal('Lead'), id: SalesforceId }),
])
export type Right = z.infer<typeof Right>

/**
 * The transactions of a commit in the order of writing: what can be undone first, the irreversible last. `together` are one
 * request for all their operations, `alone` one for each. `reattach` are updates that point a lookup at a record which the
 * same change set takes out of the Recycle Bin.
 */
export const TRANSACTIONS = {
  composite: 'together',
  owners: 'together',
  undelete: 'together',
  reattach: 'together',
  convertLead: 'alone',
  merge: 'alone',
} as const satisfies Record<string, 'together' | 'alone'>
export type TransactionKind = keyof typeof TRANSACTIONS
export const TRANSACTION_KINDS = Object.keys(TRANSACTIONS) as [TransactionKind, ...TransactionKind[]]

/** A value an operation sets. `path` names its place inside the operation, as JSON pointer parts. */
export interface SetValue {
  /** The record it is set on; null for one that the operation creates. */
  record: RecordKey | null
  field: string
  /** Undefined where there was no record before. */
  from: FieldValue | undefined
  to: FieldValue
  source: Source
  path: { from: string | null; to: string }
}

/** A record that is gone afterwards: deleted, or merged into another. */
export interface Ending {
  record: RecordKey
  mergedInto: string | null
}

/** A record that is taken back out of the Recycle Bin. */
export interface Revival {
  record: RecordKey
  /** The record it was merged into; null for one that was deleted. */
  mergedInto: string | null
}

/** A field that the org changes by itself because of the write, with the reason. */
export interface Expected {
  object: string
  id: string
  field: string
  reason: string
}

/** What one kind of operation is. Each kind states all of it in its own file; everything that decides by kind asks here. */
export interface Rules<O> {
  /** The object whose grant covers it. */
  object(operation: O): string
  /** Kinds of operation of which the grant of its object must hold one. */
  grantedAs(operation: O): readonly string[]
  /** Existing records it writes to, the lasting one first. A sealed base holds the stamp of each. */
  touches(operation: O): RecordKey[]
  /** Key of the record it creates, null when it creates none. */
  creates(operation: O): string | null
  /** Records that end. */
  ends(operation: O): Ending[]
  /** Records that it takes back out of the Recycle Bin. */
  revives(operation: O): Revival[]
  /** Records that stay and can no longer be changed as before. */
  closes(operation: O): RecordKey[]
  /** Values it sets. */
  sets(operation: O): SetValue[]
  /** Child records that move to another record. */
  moves(operation: O): { move: Move; to: string }[]
  /** Objects of which it gives records to another owner that it does not name. */
  reassigns(operation: O): string[]
  /** Values that read-back must find beyond those it sets. */
  leaves(operation: O): { record: RecordKey; field: string; to: FieldValue }[]
  /** Rights of the approver that it needs. */
  rights(operation: O): Right[]
  /** Side effects of the org that read-back names instead of reporting. */
  expects(operation: O): Expected[]
  transaction: TransactionKind
  /** `always`: a person must approve it, whatever a gate says; `by value`: as its fields and sources ask. */
  floor: 'always' | 'by value'
}

const STAMPS = ['LastModifiedDate', 'LastModifiedById', 'SystemModstamp']

/** Expected differences of one record: the stamps that every write sets, then these. */
export function expectedOf({ object, id }: RecordKey, more: Readonly<Record<string, string>>): Expected[] {
  const stamps = STAMPS.map((field) => ({ object, id, field, reason: 'every write sets it' }))
  return [...stamps, ...Object.entries(more).map(([field, reason]) => ({ object, id, field, reason }))]
}

/** The values of an operation's `fields`. */
export function valuesSet(
  record: RecordKey | null,
  fields: Readonly<Record<string, NewValue & { from?: FieldValue }>>,
): SetValue[] {
  return Object.entries(fields).map(([field, { from, to, source }]) => ({
    record,
    field,
    from,
    to,
    source,
    path: { from: record ? `fields/${field}/from` : null, to: `fields/${field}/to` },
  }))
}

export const fieldNamesOf = (fields: Readonly<Record<string, unknown>>): string[] => Object.keys(fields).sort()
export const itsKind = ({ kind }: { kind: string }): [string] => [kind]
export const none = (): [] => []
export const nothing = (): null => null
