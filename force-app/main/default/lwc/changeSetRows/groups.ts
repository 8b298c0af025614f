import { formatLabel, sharedLabels } from 'c/missionWords'
import { markInvisible } from 'c/visibleText'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import type { OpenLeaf } from '../../../../../server/contract/seal.ts'
import { creationsOf } from './creations'
import { display, displaySource, subtlety } from './display'
import type { Shown } from './display'
import { labels } from './labels'
import type { LeafIndex } from './leaves'
import type { Names } from './names'
import type { Operation, SetLeaf } from './operations'
import type { Creation, Group, Row, RowGroup } from './rows'

type BrainRow = DecisionView['rows'][number]

const titles: { group: Group; title: string }[] = [
  { group: 'gated', title: labels.gated },
  { group: 'conflict', title: labels.conflict },
  { group: 'fill', title: labels.filled },
  { group: 'clear', title: labels.cleared },
  { group: 'change', title: labels.changed },
]

interface Grouped {
  groups: RowGroup[]
  creations: Creation[]
  /** A row of the brain about no value of the change set, by its label. */
  strange: string | undefined
  /** Labels of rows that the brain describes differently than the leaves. */
  differing: string[]
}

/**
 * A row for each value that an operation sets and of which the reader may see a part. Groups in the order people read them: gated,
 * conflict, fill, clear, change. A value that the brain described in no row gets a row all the same.
 */
export function groupsOf(
  operations: readonly Operation[],
  leaves: LeafIndex,
  names: Names,
  described: readonly BrainRow[],
): Grouped {
  const setAt = new Map(
    operations.flatMap((operation) => operation.sets.map((set) => [set.toPath, { operation, set }] as const)),
  )
  const rowAt = new Map(described.map((row) => [row.toPath, row]))
  const inOrder = [
    ...new Set([
      ...rowAt.keys(),
      ...[...setAt]
        .filter(([, { set }]) => partsOf(set).some((path) => leaves.at(path) !== undefined))
        .map(([path]) => path),
    ]),
  ]
  const all: Row[] = []
  const differing: string[] = []
  for (const path of inOrder) {
    const found = setAt.get(path)
    if (!found || !leaves.has(path)) continue
    const row = rowAt.get(path)
    const isOtherwise = row !== undefined && !agrees(row, found.operation, found.set, leaves)
    if (isOtherwise) differing.push(row.label)
    all.push(toRow(found.operation, found.set, row, isOtherwise, leaves, names))
  }
  if (rowAt.size < described.length) differing.push(...described.slice(0, 1).map(({ label }) => label))
  const { creations, rest } = creationsOf(all, leaves)
  const groups = titles
    .map(({ group, title }) => ({ group, title, rows: rest.filter((row) => row.group === group) }))
    .filter(({ rows }) => rows.length > 0)
  return { groups, creations, strange: described.find(({ toPath }) => !setAt.has(toPath))?.label, differing }
}

/** Paths of the leaves of a value, its source included. */
const partsOf = ({ fromPath, toPath }: SetLeaf): string[] => [
  ...(fromPath === null ? [] : [fromPath]),
  toPath,
  toPath.replace(/to$/, 'source'),
]

/** Whether the brain's row is about the same operation, record, field and values as the leaves. */
function agrees(row: BrainRow, operation: Operation, set: SetLeaf, leaves: LeafIndex): boolean {
  const ownPath = operation.ownPath ?? `${operation.at}/key`
  return (
    row.operation === operation.index &&
    row.field === set.field &&
    row.fromPath === set.fromPath &&
    row.object === operation.object &&
    (leaves.isClosed(ownPath) || row.recordId === leaves.textAt(ownPath))
  )
}

function toRow(
  { at, object, ownPath }: Operation,
  { field, fromPath, toPath }: SetLeaf,
  row: BrainRow | undefined,
  isOtherwise: boolean,
  leaves: LeafIndex,
  names: Names,
): Row {
  const from = fromPath === null ? null : leaves.show(fromPath)
  const to = leaves.show(toPath)
  const before = fromPath === null ? { text: sharedLabels.blank, stored: null } : display(from, row?.fromText ?? '')
  const after = display(to, row?.toText ?? '')
  const origin = leaves.show(toPath.replace(/to$/, 'source'))
  const source = displaySource(origin, names)
  const note = isOtherwise ? labels.otherwise : subtlety(from, to)
  const recordId = leaves.textAt(ownPath ?? `${at}/key`)
  const label = row?.label ?? markInvisible(field)
  const appearance = appearanceOf(from, to)
  return {
    ...appearance,
    key: toPath,
    group: row?.group ?? 'change',
    label,
    field: markInvisible(field),
    record: ownPath === null ? formatLabel(labels.newRecord, markInvisible(object)) : nameOf(recordId, names),
    recordId: markInvisible(recordId),
    before,
    after,
    source,
    storedSource: typeof origin === 'string' ? markInvisible(origin) : '',
    note,
    spoken: spoken(label, appearance.word, before, after, source, note),
  }
}

const nameOf = (id: string, names: Names): string => (id === '' ? labels.hidden : (names.of(id) ?? markInvisible(id)))

const isBlank = (value: OpenLeaf['value'] | undefined) => value === null || value === ''

function appearanceOf(
  from: OpenLeaf['value'] | undefined,
  to: OpenLeaf['value'] | undefined,
): Pick<Row, 'symbol' | 'change' | 'word'> {
  if (isBlank(to) && !isBlank(from)) return { symbol: '−', change: 'cleared', word: labels.cleared }
  if (isBlank(from) && !isBlank(to)) return { symbol: '+', change: 'filled', word: labels.filled }
  return { symbol: '~', change: 'changed', word: labels.changed }
}

function spoken(label: string, word: string, before: Shown, after: Shown, source: string, note: string | null): string {
  const values = [
    formatLabel(labels.before, before.text),
    formatLabel(labels.after, after.text),
    formatLabel(labels.from, source),
  ]
  return `${[label, word, note, ...values].filter(Boolean).join('. ')}.`
}
