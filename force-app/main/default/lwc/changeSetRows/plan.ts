import { formatLabel } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'
import type { LeafIndex } from './leaves'
import type { Names } from './names'
import type { Operation } from './operations'
import { linesOf } from './operationLines'
import { piecesOf, type Line } from './pieces'

/** One write request, with a line for each of its operations and for what those operations take along. */
export interface Step {
  n: number
  lines: Line[]
  ifItFails: string
  note: string | null
}

/** The requests in the order of writing, as `planTransactions` of the contract has them: a test holds them equal. */
const REQUESTS: { name: string; kinds: readonly string[]; isOneForAll: boolean }[] = [
  { name: 'composite', kinds: ['update', 'create', 'delete'], isOneForAll: true },
  { name: 'owners', kinds: ['changeOwner'], isOneForAll: true },
  { name: 'undelete', kinds: ['undelete'], isOneForAll: true },
  { name: 'reattach', kinds: [], isOneForAll: true },
  { name: 'convertLead', kinds: ['convertLead'], isOneForAll: false },
  { name: 'merge', kinds: ['merge'], isOneForAll: false },
]

/** The numbered write requests of a change set. */
export function planOf(
  operations: readonly Operation[],
  leaves: LeafIndex,
  names: Names,
  described: DecisionView['plan'],
): Step[] {
  const revived = new Set(
    operations.flatMap(({ kind, ownPath }) => (kind === 'undelete' && ownPath ? leaves.textAt(ownPath) || [] : [])),
  )
  // Whether a withheld value points at a restored record, only the brain knows.
  const mayBeWithheld = revived.size > 0 && described.some(({ kind }) => kind === 'reattach')
  const isReattaching = ({ kind, sets }: Operation) =>
    kind === 'update' &&
    sets.some(({ toPath }) => revived.has(leaves.textAt(toPath)) || (mayBeWithheld && leaves.isClosed(toPath)))
  const requests = REQUESTS.flatMap(({ name, kinds, isOneForAll }) => {
    const some = operations.filter((operation) =>
      isReattaching(operation) ? name === 'reattach' : kinds.includes(operation.kind),
    )
    if (!isOneForAll) return some.map((operation) => ({ name, operations: [operation] }))
    return some.length > 0 || name === 'composite' ? [{ name, operations: some }] : []
  })
  return requests.map(({ name, operations: some }, index) => {
    const lines = some.flatMap((operation) => linesOf(operation, leaves, names))
    const n = index + 1
    const isAgreed = described[index]?.n === n && described[index]?.kind === name
    return {
      n,
      lines: name === 'composite' ? [...lines, receipt] : lines,
      ifItFails: ifItFails(n),
      note: isAgreed ? null : labels.otherwise,
    }
  })
}

const receipt: Line = { key: 'receipt', pieces: piecesOf(labels.receipt), details: [] }

function ifItFails(n: number): string {
  if (n === 1) return labels.firstFails
  return n === 2 ? labels.secondFails : formatLabel(labels.laterFails, n - 1)
}
