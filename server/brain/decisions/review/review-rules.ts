// What speaks for a careful look at a planned change, by rule: the operations beside the evidence they were made from.
import Big from 'big.js'
import { movedBy, setBy, type Operation } from '../../../contract/operations/operation.ts'
import type { SetValue } from '../../../contract/operations/fields.ts'
import { groupDigits } from '../../domain/digits.ts'
import type { Phrase, Shown } from '../../domain/phrase.ts'
import type { Caution, Proposal } from '../../domain/proposal.ts'
import { injectionSigns } from '../../domain/screening/injection-signs.ts'
import { recordName } from './record-name.ts'

type Merge = Extract<Operation, { kind: 'merge' }>

const LARGE_AMOUNT = 100_000
const MANY_RECORDS = 100

/** Cautions about the operations, in a fixed order; none of them changes an operation or what the gate asks. */
export function reviewByRules(proposal: Proposal): Caution[] {
  const merges = proposal.operations.filter((operation) => operation.kind === 'merge')
  const sets = proposal.operations.flatMap(setBy)
  return [
    ...merges.flatMap((merge) => shorterHistory(merge, proposal)),
    ...merges.flatMap((merge) => youngerSurvivor(merge, proposal)),
    ...sets.flatMap((set) => fromText(set, proposal)),
    ...sets.flatMap((set) => readsLikeInstructions(set, proposal)),
    ...sets.flatMap((set) => clears(set, proposal)),
    ...largeAmounts(proposal),
    ...manyRecords(proposal),
    ...inactiveOwners(proposal),
  ]
}

const caution = (code: string, text: Phrase): Caution => ({ code, text, by: 'rule' })

function shorterHistory({ survivor, losers }: Merge, proposal: Proposal): Caution[] {
  const related = proposal.weighed?.related ?? {}
  const kept = related[survivor]
  return losers.flatMap((loser) => {
    const lost = related[loser]
    if (kept === undefined || lost === undefined || lost <= kept) return []
    const text: Phrase = [recordName(loser, proposal), ' has more related records than ']
    return [caution('shorter-history', [...text, recordName(survivor, proposal), ', which stays'])]
  })
}

/** The survivor was created after a record that is merged into it. */
function youngerSurvivor({ survivor, losers }: Merge, proposal: Proposal): Caution[] {
  const createdOf = (id: string) => proposal.before[id]?.['CreatedDate']
  const kept = createdOf(survivor)
  return losers.flatMap((loser) => {
    const lost = createdOf(loser)
    if (typeof kept !== 'string' || typeof lost !== 'string' || lost.slice(0, 10) >= kept.slice(0, 10)) return []
    return [
      caution('younger-survivor', [recordName(loser, proposal), ' is older than ', recordName(survivor, proposal)]),
    ]
  })
}

const labelled = ({ record, field }: SetValue, { labels }: Proposal): Phrase => {
  const name = `${record?.object ?? ''}.${field}`
  return [{ text: labels[name] ?? field, field: name }]
}

const about = (set: SetValue, proposal: Proposal): Phrase =>
  set.record
    ? [...labelled(set, proposal), ' of ', recordName(set.record.id, proposal)]
    : [set.field, ' of a new record']

/** The value rests on free text or on a model. */
function fromText(set: SetValue, proposal: Proposal): Caution[] {
  const isTainted = /^(?:text|model)\(/.test(set.source)
  return isTainted ? [caution('tainted-source', [...about(set, proposal), ' comes from free text or a model'])] : []
}

function readsLikeInstructions(set: SetValue, proposal: Proposal): Caution[] {
  const isOrder = typeof set.to === 'string' && injectionSigns(set.to).length > 0
  return isOrder ? [caution('value-instructs', [...about(set, proposal), ' would read like instructions'])] : []
}

function clears(set: SetValue, proposal: Proposal): Caution[] {
  const isCleared = (set.to === null || set.to === '') && set.from !== undefined && set.from !== null && set.from !== ''
  return isCleared ? [caution('clears-value', [...about(set, proposal), ' would be left blank'])] : []
}

function largeAmounts({ moves }: Proposal): Caution[] {
  return moves.flatMap(({ object, ids, amount }) => {
    if (amount === null || new Big(amount).lt(LARGE_AMOUNT)) return []
    const record = ids[0] === undefined ? {} : { record: { object, id: ids[0] } }
    const shown: Shown = { text: groupDigits(amount), field: `${object}.Amount`, ...record }
    return [caution('large-amount', [shown, ' of open amounts would move'])]
  })
}

function manyRecords({ operations }: Proposal): Caution[] {
  const counts = operations.flatMap(movedBy).map(({ move }) => ('ids' in move ? move.ids.length : move.count))
  const count = counts.reduce((sum, each) => sum + each, 0)
  return count > MANY_RECORDS ? [caution('many-records', [`${count} related records would move`])] : []
}

function inactiveOwners(proposal: Proposal): Caution[] {
  const inactive = new Set(proposal.weighed?.inactiveUsers ?? [])
  return proposal.operations.flatMap((operation) =>
    operation.kind === 'changeOwner' && inactive.has(operation.to)
      ? [caution('inactive-owner', [recordName(operation.to, proposal), ', who would become the owner, is inactive'])]
      : [],
  )
}
