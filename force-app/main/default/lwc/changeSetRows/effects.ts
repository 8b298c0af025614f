import { markInvisible } from 'c/visibleText'
import type { DecisionView, RecordRef } from '../../../../../server/contract/http.ts'
import { labels } from './labels'
import type { LeafIndex } from './leaves'
import type { Names } from './names'
import { listed, type Operation } from './operations'

/** Child records that a merge moves. */
export interface Move {
  key: string
  count: number
  /** API names; empty when withheld. */
  object: string
  field: string
  /** Where they move to. */
  into: RecordRef
  /** Their ids, and for a move that is known by its sum alone that sum. */
  ids: string[]
  /** The brain's words about all moves of this object and field. */
  amount: string | null
  names: readonly string[]
  note: string | null
}
export interface MovesShown {
  moves: Move[]
  total: number
  /** True when the brain counts other records. */
  differ: boolean
}

/** The records that merges move, one line for each merge, object and field. */
export function movesOf(
  operations: readonly Operation[],
  leaves: LeafIndex,
  names: Names,
  described: DecisionView['moves'],
): MovesShown {
  const byKey = new Map<string, Move>()
  for (const operation of operations.filter(({ kind }) => kind === 'merge')) {
    leaves.showIf(`${operation.at}/moves`, [])
    const survivor = leaves.textAt(operation.ownPath ?? '')
    const object = markInvisible(operation.object)
    const into = survivor === '' ? { object, id: '', name: labels.hidden } : names.ref(object, markInvisible(survivor))
    for (const move of singleMoves(`${operation.at}/moves`, into, leaves)) {
      const key = `${operation.index} ${move.object}.${move.field}`
      const known = byKey.get(key)
      if (known) Object.assign(known, { count: known.count + move.count, ids: [...known.ids, ...move.ids] })
      else byKey.set(key, { ...move, key })
    }
  }
  const moves = [...byKey.values()]
  const differ = describe(moves, described)
  return { moves, total: moves.reduce((sum, { count }) => sum + count, 0), differ }
}

function singleMoves(at: string, into: RecordRef, leaves: LeafIndex): Omit<Move, 'key'>[] {
  const found: Omit<Move, 'key'>[] = []
  for (let n = 0; isThere(`${at}/${n}`, leaves); n += 1) {
    const [object, field] = ['object', 'field'].map((part) => markInvisible(leaves.showText(`${at}/${n}/${part}`)))
    leaves.showIf(`${at}/${n}/ids`, [])
    const paths = listed(`${at}/${n}/ids`, leaves)
    const counted = leaves.at(`${at}/${n}/count`)
    const sum = typeof counted === 'number' ? [`${at}/${n}/count`, `${at}/${n}/checksum`] : []
    sum.forEach((path) => leaves.show(path))
    const ids = paths.map((path) => markInvisible(leaves.showText(path)) || labels.hidden)
    const count = typeof counted === 'number' ? counted : paths.length
    const checksum = sum.length > 0 ? [markInvisible(leaves.textAt(`${at}/${n}/checksum`))] : []
    found.push({
      object: object ?? '',
      field: field ?? '',
      count,
      into,
      ids: [...ids, ...checksum],
      amount: null,
      names: [],
      note: null,
    })
  }
  return found
}

const isThere = (at: string, leaves: LeafIndex) => leaves.has(`${at}/object`) || leaves.has(`${at}/field`)

/** Puts the brain's words beside the moves they are about; whether the brain counts other records than the leaves. */
function describe(moves: readonly Move[], described: DecisionView['moves']): boolean {
  const nameOf = ({ object, field }: { object: string; field: string }) => `${object}.${field}`
  const totalOf = (all: readonly { object: string; field: string; count: number }[], name: string) =>
    all.filter((each) => nameOf(each) === name).reduce((sum, { count }) => sum + count, 0)
  const all = new Set([...moves, ...described].map(nameOf))
  const differing = [...all].filter((name) => totalOf(moves, name) !== totalOf(described, name))
  for (const name of all) {
    const about = described.filter((each) => nameOf(each) === name)
    const first = moves.find((each) => nameOf(each) === name)
    if (!first) continue
    first.amount = about.find(({ amount }) => amount !== null)?.amount ?? null
    first.names = about.flatMap(({ names }) => names)
    if (differing.includes(name)) first.note = labels.otherwise
  }
  return differing.length > 0
}

/** A record that is gone afterwards. */
export interface Ending {
  key: string
  record: RecordRef
  note: string | null
}

/** The records that are deleted or merged into another; those the reader may not know are counted elsewhere. */
export function endingsOf(
  operations: readonly Operation[],
  leaves: LeafIndex,
  names: Names,
  described: DecisionView['goesAway'],
): { endings: Ending[]; differ: boolean } {
  const known = new Set(described.map(({ record }) => record.id))
  const endings = operations.flatMap(({ kind, object, recordPaths }) =>
    endedPaths(kind, recordPaths)
      .map((path) => ({ path, id: leaves.textAt(path) }))
      .filter(({ id }) => id !== '')
      .map(({ path, id }) => ({
        key: path,
        record: names.ref(markInvisible(object), markInvisible(id)),
        note: known.has(id) ? null : labels.otherwise,
      })),
  )
  const ids = new Set(endings.map(({ key }) => leaves.textAt(key)))
  return { endings, differ: endings.some(({ note }) => note) || [...known].some((id) => !ids.has(id)) }
}

function endedPaths(kind: string, recordPaths: readonly string[]): readonly string[] {
  if (kind === 'delete') return recordPaths
  return kind === 'merge' ? recordPaths.slice(1) : []
}
