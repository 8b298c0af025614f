// What a proposal was concluded from: values that were compared or are shown, and that nobody proposes to change.
import type { Evidence } from '../../../../contract/change-set.ts'
import { type Operation, endedBy, leftBy, setBy } from '../../../../contract/operations/operation.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { Phrase } from '../../../domain/phrase.ts'
import { COMPARED_FIELDS } from '../../../matching/facts.ts'

/**
 * Of the records that were compared every field that the matcher reads, and every field whose value a phrase shows. A record that would
 * end is left out: any change of it counts. So is what an operation sets: its own value from before is compared.
 */
export function evidenceOf(
  compared: readonly RecordValues[],
  phrases: readonly Phrase[],
  operations: readonly Operation[],
): Evidence[] {
  const ending = new Set(operations.flatMap(endedBy).map(({ record }) => record.id))
  const set = new Set(
    operations
      .flatMap((operation) => [...setBy(operation), ...leftBy(operation)])
      .map(({ record, field }) => `${record?.id}.${field}`),
  )
  const shown = phrases.flat().flatMap((piece) => (typeof piece === 'string' || !piece.record ? [] : [piece]))
  return compared
    .filter(({ id }) => !ending.has(id))
    .flatMap(({ object, id, values }) => {
      const named = shown.flatMap(({ record, field }) =>
        record?.id === id && field ? [field.split('.')[1] ?? ''] : [],
      )
      const fields = [...new Set([...(COMPARED_FIELDS[object] ?? []), ...named])].sort()
      return fields.flatMap((field): Evidence[] => {
        const value = values[field]
        return value === undefined || set.has(`${id}.${field}`) ? [] : [{ object, id, field, value }]
      })
    })
    .sort((a, b) => (`${a.id}.${a.field}` < `${b.id}.${b.field}` ? -1 : 1))
}
