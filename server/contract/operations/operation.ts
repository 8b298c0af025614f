// What an operation is, for every house: the union of the kinds, the table of their rules, and what follows from the table.
import { z } from 'zod'
import type { RecordKey } from '../values/ids.ts'
import { ChangeOwnerOperation, changeOwnerRules } from './change-owner.ts'
import { ConvertLeadOperation, convertLeadRules } from './convert-lead.ts'
import { CreateOperation, createRules } from './create.ts'
import { DeleteOperation, deleteRules } from './delete.ts'
import {
  TRANSACTION_KINDS,
  TRANSACTIONS,
  type Ending,
  type Expected,
  type Revival,
  type Rules,
  type SetValue,
  type TransactionKind,
} from './fields.ts'
import { MergeOperation, mergeRules } from './merge.ts'
import { isTainted } from './source.ts'
import { UndeleteOperation, undeleteRules } from './undelete.ts'
import { UpdateOperation, updateRules } from './update.ts'

export const Operation = z.discriminatedUnion('kind', [
  UpdateOperation,
  ChangeOwnerOperation,
  CreateOperation,
  MergeOperation,
  ConvertLeadOperation,
  UndeleteOperation,
  DeleteOperation,
])
export type Operation = z.infer<typeof Operation>
export type OperationKind = Operation['kind']
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>

const OPERATIONS = {
  update: updateRules,
  changeOwner: changeOwnerRules,
  create: createRules,
  merge: mergeRules,
  convertLead: convertLeadRules,
  undelete: undeleteRules,
  delete: deleteRules,
} as const satisfies { [K in OperationKind]: Rules<OperationOf<K>> }

export const OPERATION_KINDS = Object.keys(OPERATIONS) as [OperationKind, ...OperationKind[]]

/** The kinds that a kind of transaction writes. */
export type KindIn<T extends TransactionKind> = {
  [K in OperationKind]: (typeof OPERATIONS)[K]['transaction'] extends T ? K : never
}[OperationKind]

/** The rules of an operation's kind, for that operation. */
function rulesOf(operation: Operation): Rules<Operation> {
  return OPERATIONS[operation.kind] as Rules<Operation>
}

export const objectOf = (operation: Operation): string => rulesOf(operation).object(operation)
/** Kinds of which the grant of its object must hold one. */
export const grantedAs = (operation: Operation): readonly string[] => rulesOf(operation).grantedAs(operation)
export const touchedBy = (operation: Operation): RecordKey[] => rulesOf(operation).touches(operation)
export const setBy = (operation: Operation): SetValue[] => rulesOf(operation).sets(operation)
/** Key of the record it creates; null when it creates none. */
export const createdBy = (operation: Operation): string | null => rulesOf(operation).creates(operation)
export const endedBy = (operation: Operation): Ending[] => rulesOf(operation).ends(operation)
/** Records that it takes back out of the Recycle Bin. */
export const revivedBy = (operation: Operation): Revival[] => rulesOf(operation).revives(operation)
export const closedBy = (operation: Operation): RecordKey[] => rulesOf(operation).closes(operation)
export const movedBy = (operation: Operation): ReturnType<Rules<Operation>['moves']> =>
  rulesOf(operation).moves(operation)
/** Objects of which the operation gives records to another owner that it does not name. */
export const reassignedBy = (operation: Operation): string[] => rulesOf(operation).reassigns(operation)
export const leftBy = (operation: Operation): ReturnType<Rules<Operation>['leaves']> =>
  rulesOf(operation).leaves(operation)
export const rightsOf = (operation: Operation): ReturnType<Rules<Operation>['rights']> =>
  rulesOf(operation).rights(operation)
const transactionOf = (operation: Operation): TransactionKind => rulesOf(operation).transaction

/** Fields an operation sets, by name. */
export const fieldsSetBy = (operation: Operation): string[] => setBy(operation).map(({ field }) => field)

export function isIn<T extends TransactionKind>(
  transaction: T,
  operation: Operation,
): operation is OperationOf<KindIn<T>> {
  return transactionOf(operation) === transaction
}

/** True when the operation changes this record, ends it, or moves it. */
export function concerns(operation: Operation, recordId: string): boolean {
  return (
    touchedBy(operation).some(({ id }) => id === recordId) ||
    movedBy(operation).some(({ move }) => 'ids' in move && move.ids.includes(recordId))
  )
}

/** Fields that the org changes by itself when these are written. */
export function expectedDifferences(operations: readonly Operation[]): Expected[] {
  return operations.flatMap((operation) => rulesOf(operation).expects(operation))
}

const FLOOR_FIELDS = new Set(['OwnerId', 'Amount', 'StageName'])

/** True when no gate may let the operation pass without a person: irreversible, money or ownership, or from a model or free text. */
export function needsPerson(operation: Operation): boolean {
  if (rulesOf(operation).floor === 'always') return true
  return setBy(operation).some(({ field, source }) => FLOOR_FIELDS.has(field) || isTainted(source))
}

/** One write request to the org that stands or falls as a whole. */
export interface PlannedTransaction {
  /** 1-based; the receipt's external id is `<digest>/<n>`. */
  n: number
  kind: TransactionKind
  /** Indexes into the change set's operations. */
  operations: number[]
}

/** An update that points a lookup at a record that is in the Recycle Bin until the same change set restores it. */
function isReattaching(operation: Operation, revived: ReadonlySet<string>): boolean {
  return operation.kind === 'update' && setBy(operation).some(({ to }) => typeof to === 'string' && revived.has(to))
}

/** The order of writing. The composite is always there: it carries the receipt. */
export function planTransactions(operations: readonly Operation[]): PlannedTransaction[] {
  const revived = new Set(operations.flatMap(revivedBy).map(({ record }) => record.id))
  const kinds = operations.map((each) => (isReattaching(each, revived) ? 'reattach' : transactionOf(each)))
  const groups = TRANSACTION_KINDS.flatMap((kind): Omit<PlannedTransaction, 'n'>[] => {
    const indexes = kinds.flatMap((each, index) => (each === kind ? [index] : []))
    if (TRANSACTIONS[kind] === 'alone') return indexes.map((index) => ({ kind, operations: [index] }))
    return indexes.length > 0 || kind === 'composite' ? [{ kind, operations: indexes }] : []
  })
  return groups.map((group, index) => ({ n: index + 1, ...group }))
}

/** Unique external id of a transaction's receipt in the org. */
export function receiptKey(digest: string, n: number): string {
  return `${digest}/${n}`
}
