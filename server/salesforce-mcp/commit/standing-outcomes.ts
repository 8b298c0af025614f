// What an earlier commit left of a change set, found in the org.
import { createdBy } from '../../contract/operations/operation.ts'
import type { TransactionOutcome } from '../../contract/tool-shapes.ts'
import type { ToolCall } from '../services/services.ts'
import type { Receipt } from '../writers/receipts.ts'
import { outcomeOf, type Transaction } from '../writers/transaction.ts'
import { WRITERS } from '../writers/writers.ts'

/** The receipt proves that the first transaction stands; the others show in the states that were read for them. */
export async function standingOutcomes(
  [first, ...rest]: readonly Transaction[],
  receipt: Receipt,
  call: ToolCall,
): Promise<TransactionOutcome[]> {
  if (!first) return []
  const effect = await createdByFirst(first, call)
  const later = rest.flatMap((each) => {
    const effectOfEach = WRITERS[each.planned.kind].stands(each)
    return effectOfEach ? [outcomeOf(each, 'already', effectOfEach)] : []
  })
  return [outcomeOf(first, 'already', { ...effect, receiptId: receipt.id }), ...later]
}

/** The records that the first transaction created, as far as the org still shows them. */
async function createdByFirst(transaction: Transaction, call: ToolCall) {
  if (transaction.operations.every((operation) => createdBy(operation) === null)) return {}
  return (await WRITERS.composite.probe(transaction, call)) ?? {}
}
