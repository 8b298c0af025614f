// Texts of records that address a language model: no model reads them, and the approver is shown where they stand.
import type { RecordValues } from '../../../contract/values/record-values.ts'
import { labelOf } from '../../domain/described.ts'
import { named } from '../../domain/named-record.ts'
import { fit, nameOf } from '../../domain/say.ts'
import type { ScreenedInput } from '../../domain/screening/screened-input.ts'
import type { Claim, WithheldField } from './question.ts'

/** Most withheld texts that the Explain rail names; the decision names all. */
const SHOWN = 6

/** The fields that a screened input withholds of the records it lists under `records`, in their order. */
export function withheldFields({ withheld }: ScreenedInput, records: readonly RecordValues[]): WithheldField[] {
  return withheld.flatMap(({ path: [list, index, field], signs }) => {
    const read = list === 'records' ? records[Number(index)] : undefined
    return read && typeof field === 'string' ? [{ record: named(read), field, signs }] : []
  })
}

/** One line for each of them: record and field, never the text. */
export function* withheldClaims(withheld: readonly WithheldField[]): Generator<Claim> {
  for (const { record, field } of withheld.slice(0, SHOWN)) {
    yield {
      kind: 'noticed',
      text: fit([`${labelOf(field)} of `, nameOf(record), ' looks like instructions; no model reads it']),
      records: [{ object: record.object, id: record.id }],
      fields: [`${record.object}.${field}`],
      citations: [],
      by: 'rule',
    }
  }
}
