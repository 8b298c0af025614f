import {
  type Operation,
  createdBy,
  fieldsSetBy,
  movedBy,
  objectOf,
  touchedBy,
} from '../../../../contract/operations/operation.ts'
import type { RecordValues } from '../../../../contract/tools.ts'
import type { GateChange, GateFacts } from '../../../missions/gates.ts'
import { children, isTrue, openOpportunities, sumOf } from './account.ts'

/** What the gate lines look at: every change of every operation, with the records it touches. */
export function gateFacts(
  operations: readonly Operation[],
  lead: RecordValues,
  losers: readonly RecordValues[],
  records: ReadonlyMap<string, RecordValues>,
): GateFacts {
  const moved = losers.flatMap((loser) => children(loser, 'Opportunities'))
  const movesRecords = operations.flatMap(movedBy).map(({ move }) => move)
  return {
    merge: {
      movesAmount: BigInt(sumOf(losers.flatMap(openOpportunities), 'Amount').round(0, 0).toFixed()),
      movesRecords: BigInt(movesRecords.reduce((sum, move) => sum + ('ids' in move ? move.ids.length : move.count), 0)),
      losers: BigInt(losers.length),
      closedWon: moved.some(({ values }) => isTrue(values['IsWon'])),
    },
    lead: lead.values,
    changes: operations.flatMap((operation) => changesOf(operation, records)),
  }
}

function changesOf(operation: Operation, records: ReadonlyMap<string, RecordValues>): GateChange[] {
  const { kind } = operation
  const object = objectOf(operation)
  const created = createdBy(operation)
  const about = [...touchedBy(operation).map(({ id }) => id), ...(created === null ? [] : [created])]
  return fieldsOf(operation).flatMap((field) =>
    about.map((id) => ({ change: { object, field, kind }, record: traits(records.get(id)) })),
  )
}

/** The fields a gate sees; an operation that sets none is one change without a field. A new record's owner is no change of owner. */
function fieldsOf(operation: Operation): string[] {
  const fields = fieldsSetBy(operation).filter((field) => createdBy(operation) === null || field !== 'OwnerId')
  return fields.length > 0 ? fields : ['']
}

function traits(record: RecordValues | undefined): GateChange['record'] {
  return {
    legalHold: isTrue(record?.values['Legal_Hold__c']),
    customer: String(record?.values['Type'] ?? '').startsWith('Customer'),
    personAccount: isTrue(record?.values['IsPersonAccount']),
  }
}
