// The write requests in the order they will run, each in one sentence, and what stands if it fails.
import { assertNever } from '../../contract/values/assert-never.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import { planTransactions, type PlannedTransaction } from '../../contract/operations/operation.ts'
import { render, type Phrase, type Shown, type ReadAccess } from '../domain/phrase.ts'
import type { Proposal } from '../domain/proposal.ts'

interface PlanLine {
  n: number
  kind: string
  sentence: string
  ifItFails: string
}

/** A record's name as a piece of text that only those may read who may read the record. */
export function nameOf(id: string, proposal: Pick<Proposal, 'names'>): Shown {
  const named = proposal.names[id]
  return { text: named?.name ?? id, record: { object: named?.object ?? '', id } }
}

function listed(pieces: readonly Phrase[]): Phrase {
  return pieces.flatMap((piece, index) => {
    if (index === 0) return piece
    return [index === pieces.length - 1 ? ' and ' : ', ', ...piece]
  })
}

/** The effect of one operation, beginning with a verb. */
function sayOperation(operation: Operation, proposal: Pick<Proposal, 'names'>): Phrase {
  switch (operation.kind) {
    case 'update':
      return [`update ${countOf(Object.keys(operation.fields).length, 'field')} of `, nameOf(operation.id, proposal)]
    case 'create':
      return [`create a ${operation.object}`]
    case 'delete':
      return [`delete the ${operation.object} `, nameOf(operation.id, proposal)]
    case 'undelete':
      return [`restore the ${operation.object} `, nameOf(operation.id, proposal)]
    case 'changeOwner':
      return ['make ', nameOf(operation.to, proposal), ' the owner of ', nameOf(operation.id, proposal)]
    case 'convertLead':
      return ['convert the lead ', nameOf(operation.id, proposal)]
    case 'merge': {
      const losers = listed(operation.losers.map((id) => [nameOf(id, proposal)]))
      return ['merge ', ...losers, ' into ', nameOf(operation.survivor, proposal)]
    }
    default:
      return assertNever(operation)
  }
}

export function countOf(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`
}

/** The effect of one transaction; the first also writes the receipt. */
export function sayTransaction(transaction: PlannedTransaction, proposal: Proposal): Phrase {
  const operations = transaction.operations.flatMap((index) => proposal.operations[index] ?? [])
  const said = operations.map((operation) => sayOperation(operation, proposal))
  return transaction.kind === 'composite' ? listed([...said, ['write the receipt']]) : listed(said)
}

function ifItFails(n: number): string {
  if (n === 1) return 'Nothing is changed.'
  const before = n === 2 ? 'Step 1 stands' : `Steps 1 to ${n - 1} stand`
  return `${before}, nothing after it is sent, and the run says exactly what changed.`
}

export function planLines(proposal: Proposal, access: ReadAccess): PlanLine[] {
  return planTransactions(proposal.operations).map((transaction) => {
    const text = render(sayTransaction(transaction, proposal), access)
    return {
      n: transaction.n,
      kind: transaction.kind,
      sentence: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
      ifItFails: ifItFails(transaction.n),
    }
  })
}
