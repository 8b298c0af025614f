// What a proposal was concluded from: values that were looked at or are shown, and that no operation changes.
import type { Evidence as Grounds } from '../../contract/change-set.ts'
import { endedBy, leftBy, setBy, type Operation } from '../../contract/operations/operation.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import type { MissionDefinition } from '../domain/mission.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { Evidence } from '../questions/asking/evidence.ts'
import { groundsNamedBy } from '../questions/asking/named-fields.ts'
import type { Ground } from '../questions/asking/question.ts'

/** A change set takes no more. */
const MOST = 500

/** Fields of the steps with one record that the mission's own expressions look at. */
export function groundsOfExpressions(definition: MissionDefinition, evidence: Evidence): Ground[] {
  const { propose, let: lets, skip, read } = definition
  const expressions = [
    ...Object.values(lets),
    ...skip.map(({ when }) => when),
    ...propose.flatMap((template) => [
      ...(template.when === null ? [] : [template.when]),
      ...('set' in template ? Object.values(template.set) : []),
    ]),
  ]
  return groundsNamedBy(expressions, { steps: read, evidence })
}

/**
 * Of each record the fields that were looked at, and those whose value a phrase shows. A record that would end is left out: any
 * change of it counts. So is what an operation sets: its own value from before is compared.
 */
export function groundsOf(
  grounds: readonly Ground[],
  phrases: readonly Phrase[],
  operations: readonly Operation[],
): Grounds[] {
  const ending = new Set(operations.flatMap(endedBy).map(({ record }) => record.id))
  const set = new Set(
    operations
      .flatMap((operation) => [...setBy(operation), ...leftBy(operation)])
      .map(({ record, field }) => `${record?.id}.${field}`),
  )
  const shown = phrases.flat().flatMap((piece) => (typeof piece === 'string' || !piece.record ? [] : [piece]))
  const looked = new Map<string, { record: RecordValues; fields: Set<string> }>()
  for (const { record, fields } of grounds) {
    const known = looked.get(record.id) ?? { record, fields: new Set<string>() }
    looked.set(record.id, known)
    for (const field of fields) known.fields.add(field)
    for (const piece of shown)
      if (piece.record?.id === record.id && piece.field) known.fields.add(piece.field.split('.')[1] ?? '')
  }
  return [...looked.values()]
    .filter(({ record }) => !ending.has(record.id))
    .flatMap(({ record: { object, id, values }, fields }) =>
      [...fields].sort().flatMap((field): Grounds[] => {
        const value = values[field]
        const isOwn = !field.includes('.') && field !== 'Id'
        return value === undefined || !isOwn || set.has(`${id}.${field}`) ? [] : [{ object, id, field, value }]
      }),
    )
    .sort((a, b) => (`${a.id}.${a.field}` < `${b.id}.${b.field}` ? -1 : 1))
    .slice(0, MOST)
}
