import type { Operation } from '../../../../contract/change-set.ts'
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
  const movesRecords = operations.flatMap((op) => (op.kind === 'merge' ? op.moves : []))
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
  const object = operation.kind === 'convertLead' ? 'Lead' : operation.object
  return fieldsOf(operation).flatMap((field) =>
    touched(operation).map((id) => ({ change: { object, field, kind }, record: traits(records.get(id)) })),
  )
}

function fieldsOf(operation: Operation): string[] {
  if (operation.kind === 'changeOwner') return ['OwnerId']
  // A new record's owner is no change of owner.
  if (operation.kind === 'create') return Object.keys(operation.fields).filter((field) => field !== 'OwnerId')
  if (!('fields' in operation)) return ['']
  const fields = Object.keys(operation.fields)
  return fields.length > 0 ? fields : ['']
}

function touched(operation: Operation): string[] {
  if (operation.kind === 'merge') return [operation.survivor, ...operation.losers]
  return operation.kind === 'create' ? [operation.key] : [operation.id]
}

function traits(record: RecordValues | undefined): GateChange['record'] {
  return {
    legalHold: isTrue(record?.values['Legal_Hold__c']),
    customer: String(record?.values['Type'] ?? '').startsWith('Customer'),
    personAccount: isTrue(record?.values['IsPersonAccount']),
  }
}
