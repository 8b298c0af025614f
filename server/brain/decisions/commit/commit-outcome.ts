// The result of a commit, from its transactions: one word for all of them, and one observation for each.
import { oneLine } from '../../../contract/values/text.ts'
import type { ToolOutput } from '../../../contract/tools.ts'
import type { TransactionOutcome } from '../../../contract/tool-shapes.ts'
import { planTransactions, touchedBy } from '../../../contract/operations/operation.ts'
import type { Proposal } from '../../domain/proposal.ts'
import { fit } from '../../domain/say.ts'
import type { NewObservation } from '../../domain/run.ts'
import { countOf, nameOf, sayTransaction } from '../operation-words.ts'

export type CommitAnswer = ToolOutput<'commitChangeSet'>

const stands = ({ status }: TransactionOutcome) => status === 'written' || status === 'already'

/** `unheld`: what the mission asserts does not hold; `gated`: the gate blocks or asks more by now; `lapsed`: an approver may no longer approve. Nothing is written in any of these. */
export type CommitStatus = 'drifted' | 'unheld' | 'gated' | 'lapsed' | 'written' | 'failed' | 'partly' | 'unknown'

export function commitStatus({ transactions, drift, unheld = [], gate, lapsed }: CommitAnswer): CommitStatus {
  if (transactions.some(({ status }) => status === 'unknown')) return 'unknown'
  if (transactions.length > 0 && transactions.every(stands)) return 'written'
  if (transactions.some(stands)) return 'partly'
  if (transactions.some(({ status }) => status === 'refused')) return 'failed'
  if (drift.length > 0) return 'drifted'
  if (unheld.length > 0) return 'unheld'
  if (gate) return 'gated'
  return lapsed.length > 0 ? 'lapsed' : 'failed'
}

/** Ids of the created records and of the moved ones, over all transactions. */
export function effectsOf({ transactions }: CommitAnswer): { created: Record<string, string>; moved: string[] } {
  return {
    created: Object.assign({}, ...transactions.map(({ created }) => created)) as Record<string, string>,
    moved: transactions.flatMap(({ moved }) => moved),
  }
}

/** `wrote` for what stands, `failed` for what the org refused or left unclear; all that was not sent has one observation. */
export function sayCommit(proposal: Proposal, answer: CommitAnswer): NewObservation[] {
  const plan = planTransactions(proposal.operations)
  const standing = answer.transactions.filter(stands).length
  const outcomes = answer.transactions.flatMap((outcome): NewObservation[] => {
    const planned = plan.find(({ n }) => n === outcome.n)
    if (!planned || outcome.status === 'notSent') return []
    const records = planned.operations.flatMap((index) => {
      const operation = proposal.operations[index]
      return operation ? touchedBy(operation) : []
    })
    const step = `Step ${outcome.n} of ${plan.length}`
    if (stands(outcome)) {
      const moved = outcome.moved.length > 0 ? `; ${countOf(outcome.moved.length, 'record')} moved` : ''
      const again = outcome.status === 'already' ? ' (it stood already)' : ''
      return [{ kind: 'wrote', text: fit([`${step}: `, ...sayTransaction(planned, proposal), moved, again]), records }]
    }
    if (outcome.status === 'unknown')
      return [{ kind: 'failed', text: [`${step}: it is not known yet if it was written`], records }]
    const message = { text: oneLine(outcome.error?.message ?? 'no reason given', 50), record: records[0] }
    const end = standing === 0 ? '. Nothing was changed.' : '. Earlier steps stand.'
    return [
      {
        kind: 'failed',
        text: ['Salesforce refused: ', message, end],
        records,
        fields: fieldsOfError(outcome, records),
      },
    ]
  })
  return standing > 0 ? [...outcomes, ...sayStopped(proposal, answer, plan.length)] : outcomes
}

/** Why the rest was not sent after a part was written: another user's changes, or the gate. */
function sayStopped(proposal: Proposal, { transactions, drift, gate }: CommitAnswer, steps: number): NewObservation[] {
  const first = transactions.find(({ status }) => status === 'notSent')
  const before = ` before step ${first?.n ?? steps} of ${steps}; it was not sent`
  const changes = drift.map(({ object, id, field, by }): NewObservation => {
    const records = [{ object, id }]
    if (field === 'IsDeleted')
      return { kind: 'noticed', text: fit([nameOf(id, proposal), ` was deleted${before}`]), records }
    const label = field === 'SystemModstamp' ? '' : `${proposal.labels[`${object}.${field}`] ?? field} of `
    const name = proposal.names[id] ? nameOf(id, proposal) : { text: object, record: { object, id } }
    const who = by === null ? 'A user' : { text: by }
    return {
      kind: 'noticed',
      text: fit([who, ` changed ${label}`, name, before]),
      records,
      fields: [`${object}.${field}`],
    }
  })
  if (!gate) return changes
  const asks = 'block' in gate ? gate.block : 'The gate asks more people'
  return [...changes, { kind: 'noticed', text: fit([`${asks}${before}`]), records: [proposal.subject] }]
}

function fieldsOfError({ error }: TransactionOutcome, records: readonly { object: string }[]): string[] {
  const object = records[0]?.object
  return object ? (error?.fields ?? []).map((field) => `${object}.${field}`) : []
}
