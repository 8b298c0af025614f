// Turns a decision's leaves into the rows of its diff, so that the digest covers what is read.
import { formatLabel, sharedLabels } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { creationsOf } from './creations'
import { display, displaySource, subtlety } from './display'
import type { Shown } from './display'
import { labels } from './labels'
import { LeafIndex } from './leaves'
import type { Creation, Group, Row, RowGroup } from './rows'

export type { Creation, Row, RowGroup, Shown }

type BrainRow = DecisionView['rows'][number]

export interface Rows {
  groups: RowGroup[]
  /** Records that are to be made; their values are in no group, except those that require review. */
  creations: Creation[]
  /** Why the screen cannot vouch for this change set; null when it can. */
  invalidReason: string | null
}

const titles: { group: Group; title: string }[] = [
  { group: 'gated', title: labels.gated },
  { group: 'conflict', title: labels.conflict },
  { group: 'fill', title: labels.filled },
  { group: 'clear', title: labels.cleared },
  { group: 'change', title: labels.changed },
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
  return { groups, creations, invalidReason: invalidReasonOf(decision, leaves) }
}

/** Every open leaf, as stored: the long form of the change set. */
export function everyLeaf(decision: Pick<DecisionView, 'leaves'>): { path: string; value: string }[] {
  return decision.leaves.map((leaf) => ({
    path: leaf.path,
    value: 'commitment' in leaf ? labels.hidden : JSON.stringify(leaf.value),
  }))
}

const isWritten = (path: string) => /^\/operations\/\d+\/(fields\/[^/]+\/)?to$/.test(path)

function invalidReasonOf(decision: Pick<DecisionView, 'rows'>, leaves: LeafIndex): string | null {
  if (leaves.doubled.length > 0) return labels.doubled
  const strange = decision.rows.find(
    ({ toPath, fromPath }) => !leaves.has(toPath) || (fromPath !== null && !leaves.has(fromPath)),
  )
  return strange ? formatLabel(labels.undescribed, strange.label) : null
}

function toRow(row: BrainRow, leaves: LeafIndex): Row {
  const from = row.fromPath === null ? null : leaves.at(row.fromPath)
  const to = leaves.at(row.toPath)
  const before = row.fromPath === null ? { text: sharedLabels.blank, stored: null } : display(from, row.fromText)
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

function appearance(before: Shown, after: Shown): Pick<Row, 'symbol' | 'change' | 'word'> {
  const { blank } = sharedLabels
  if (after.text === blank && before.text !== blank) return { symbol: '−', change: 'cleared', word: labels.cleared }
  if (before.text === blank && after.text !== blank) return { symbol: '+', change: 'filled', word: labels.filled }
  return { symbol: '~', change: 'changed', word: labels.changed }
}

function spoken(label: string, before: Shown, after: Shown, source: string, note: string | null): string {
  const { word } = appearance(before, after)
  const values = [
    formatLabel(labels.before, before.text),
    formatLabel(labels.after, after.text),
    formatLabel(labels.from, source),
  ]
  return `${[label, word, note, ...values].filter(Boolean).join('. ')}.`
}
