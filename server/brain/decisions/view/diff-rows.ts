// The lines of the diff: what each operation sets, before and after, in the order people read them.
import { type FieldValue, isBlank } from '../../../contract/values/field-value.ts'
import { type Operation, createdBy, isIn, objectOf, setBy } from '../../../contract/operations/operation.ts'
import type { DiffRow as DiffRowShape } from '../../../contract/http.ts'
import type { z } from 'zod'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import { BLANK, sourceText, valueText } from './format.ts'

type DiffRow = z.infer<typeof DiffRowShape>

const ORDER: readonly DiffRow['group'][] = ['gated', 'conflict', 'fill', 'clear', 'change']

interface Line {
  object: string
  recordId: string
  recordName: string | null
  field: string
  from: FieldValue | undefined
  to: FieldValue
  source: string
  fromPath: string | null
  toPath: string
}

/**
 * Rows of every field an operation sets and the reader may see, gated ones first, then conflicts, fills, clears, changes.
 * `isClosed` is true of a leaf's path whose value the reader does not get.
 */
export function rowsOf(proposal: Proposal, access: ReadAccess, isClosed: (path: string) => boolean): DiffRow[] {
  const rows = proposal.operations.flatMap((operation, index) =>
    linesOf(operation, index, proposal, access)
      .filter(({ fromPath, toPath }) => !isClosed(toPath) && !(fromPath !== null && isClosed(fromPath)))
      .map((line) => rowOf(operation, index, line, proposal, access)),
  )
  return ORDER.flatMap((group) => rows.filter((row) => row.group === group))
}

/** How many fields of existing records the operations set, hidden ones included. */
export function countFields(operations: readonly Operation[]): number {
  return operations.flatMap(setBy).filter(({ record }) => record !== null).length
}

function linesOf(operation: Operation, index: number, proposal: Proposal, access: ReadAccess): Line[] {
  const at = `/operations/${index}`
  const object = objectOf(operation)
  const named = (id: string) => (access.record(id) ? (proposal.names[id]?.name ?? null) : null)
  return setBy(operation).map(({ record, field, from, to, source, path }) => ({
    object,
    recordId: record?.id ?? createdBy(operation) ?? '',
    recordName: record ? named(record.id) : `New ${object}`,
    field,
    from,
    to,
    source,
    fromPath: path.from && `${at}/${path.from}`,
    toPath: `${at}/${path.to}`,
  }))
}

function rowOf(operation: Operation, index: number, line: Line, proposal: Proposal, access: ReadAccess): DiffRow {
  const name = `${line.object}.${line.field}`
  return {
    operation: index,
    group: groupOf(operation, line, proposal.gatedFields.includes(name)),
    object: line.object,
    recordId: line.recordId,
    recordName: line.recordName,
    field: line.field,
    label: proposal.labels[name] ?? line.field,
    fromPath: line.fromPath,
    toPath: line.toPath,
    fromText: line.from === undefined ? BLANK : valueText(line.from, line.field, proposal, access),
    toText: valueText(line.to, line.field, proposal, access),
    sourceText: sourceText(line.source, proposal, access),
  }
}

function groupOf(operation: Operation, { from, to }: Line, gated: boolean): DiffRow['group'] {
  if (gated) return 'gated'
  if (isBlank(from)) return 'fill'
  if (isBlank(to)) return 'clear'
  return isIn('merge', operation) ? 'conflict' : 'change'
}
