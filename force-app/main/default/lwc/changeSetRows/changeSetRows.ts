// Turns a decision's leaves into the rows of its diff, so that what is read is what the digest covers.
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { creationsOf } from './creations'
import type { Creation } from './creations'
import { BLANK, display, displaySource, subtlety } from './display'
import type { Shown } from './display'
import { LeafIndex } from './leaves'

export type { Creation, Shown }

type BrainRow = DecisionView['rows'][number]
export type Group = BrainRow['group']

export interface Row {
  key: string
  group: Group
  symbol: string
  word: string
  label: string
  field: string
  record: string
  before: Shown
  after: Shown
  source: string
  note: string | null
  /** The whole row as one sentence for those who hear it. */
  spoken: string
}
export interface RowGroup {
  group: Group
  title: string
  rows: Row[]
}
export interface Rows {
  groups: RowGroup[]
  /** Records that are to be made; their values are in no group, except those that need a look. */
  creations: Creation[]
  /** Why the screen cannot vouch for this change set; null when it can. */
  fault: string | null
}

const titles: { group: Group; title: string }[] = [
  { group: 'gated', title: 'Needs a look' },
  { group: 'conflict', title: 'Both had a value' },
  { group: 'fill', title: 'Filled in' },
  { group: 'clear', title: 'Emptied' },
  { group: 'change', title: 'Changed' },
]

/**
 * Groups in the order people read them: gated, conflict, fill, clear, change. A value that is to be written but that
 * the brain described in no row gets a row all the same.
 */
export function rowsOf(decision: Pick<DecisionView, 'leaves' | 'rows'>): Rows {
  const leaves = new LeafIndex(decision.leaves)
  const described = new Set(decision.rows.map(({ toPath }) => toPath))
  const all = [
    ...decision.rows.map((row) => toRow(row, leaves)),
    ...leaves.openPaths.filter((path) => isWritten(path) && !described.has(path)).map((path) => bareRow(path, leaves)),
  ]
  const { creations, rest: rows } = creationsOf(all, leaves)
  const groups = titles
    .map(({ group, title }) => ({ group, title, rows: rows.filter((row) => row.group === group) }))
    .filter(({ rows }) => rows.length > 0)
  return { groups, creations, fault: faultOf(decision, leaves) }
}

/** Every open leaf, as stored: the long form of the change set. */
export function everyLeaf(decision: Pick<DecisionView, 'leaves'>): { path: string; value: string }[] {
  return decision.leaves.map((leaf) => ({
    path: leaf.path,
    value: 'commitment' in leaf ? 'hidden from you' : JSON.stringify(leaf.value),
  }))
}

const isWritten = (path: string) => /^\/operations\/\d+\/(fields\/[^/]+\/)?to$/.test(path)

function faultOf(decision: Pick<DecisionView, 'rows'>, leaves: LeafIndex): string | null {
  if (leaves.doubled.length > 0) return 'A value comes twice in this change set.'
  const strange = decision.rows.find(
    ({ toPath, fromPath }) => !leaves.has(toPath) || (fromPath !== null && !leaves.has(fromPath)),
  )
  return strange ? `${strange.label} is described but is not in the change set.` : null
}

function toRow(row: BrainRow, leaves: LeafIndex): Row {
  const from = row.fromPath === null ? null : leaves.at(row.fromPath)
  const to = leaves.at(row.toPath)
  const before = row.fromPath === null ? { text: BLANK, stored: null } : display(from, row.fromText)
  const after = display(to, row.toText)
  const source = displaySource(leaves.textAt(sourcePath(row.toPath)), row.sourceText)
  const record = row.recordName ?? row.object
  const note = subtlety(from, to)
  return {
    ...appearance(before, after),
    ...identity(row),
    record,
    before,
    after,
    source,
    note,
    spoken: spoken(row.label, before, after, source, note),
  }
}

function identity(
  row: Pick<BrainRow, 'group' | 'label' | 'field' | 'toPath'>,
): Pick<Row, 'key' | 'group' | 'label' | 'field'> {
  return { key: row.toPath, group: row.group, label: row.label, field: row.field }
}

const sourcePath = (toPath: string) => toPath.replace(/\/to$/, '/source')

/** A row the brain left out: labels are API names, values as stored. */
function bareRow(toPath: string, leaves: LeafIndex): Row {
  const operation = /^\/operations\/\d+/.exec(toPath)?.[0] ?? ''
  const fromPath = toPath.replace(/\/to$/, '/from')
  const field = toPath.startsWith(`${operation}/fields/`) ? (toPath.split('/')[4] ?? '') : 'OwnerId'
  const id = leaves.textAt(`${operation}/id`) || leaves.textAt(`${operation}/survivor`)
  return toRow(
    {
      operation: Number(operation.split('/')[2]),
      group: 'change',
      object: leaves.textAt(`${operation}/object`),
      recordId: id,
      recordName: id || null,
      field,
      label: field,
      fromPath: leaves.has(fromPath) ? fromPath : null,
      toPath,
      fromText: '',
      toText: '',
      sourceText: '',
    },
    leaves,
  )
}

function appearance(before: Shown, after: Shown): Pick<Row, 'symbol' | 'word'> {
  if (after.text === BLANK && before.text !== BLANK) return { symbol: '−', word: 'Emptied' }
  if (before.text === BLANK && after.text !== BLANK) return { symbol: '+', word: 'Filled in' }
  return { symbol: '~', word: 'Changed' }
}

function spoken(label: string, before: Shown, after: Shown, source: string, note: string | null): string {
  const { word } = appearance(before, after)
  const parts = [label, word, note, `Before: ${before.text}`, `After: ${after.text}`, `From: ${source}`]
  return `${parts.filter(Boolean).join('. ')}.`
}
