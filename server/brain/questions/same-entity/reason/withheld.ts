import type { NamedRecord } from '../../../domain/proposal.ts'
import { fit, nameOf } from '../../../domain/say.ts'
import type { ScreenedInput } from '../../../domain/screening/screened-input.ts'
import { labelOf } from '../../../domain/described.ts'
import type { Claim, WithheldField } from '../../asking/question.ts'
import type { SameEntityEvidence } from '../shapes/reasoner.ts'

/** Most withheld texts that the Explain rail names; the decision names all. */
const SHOWN = 6

/** The fields that a screened input withholds of its records: the lead first, then the accounts. */
export function withheldFields({ withheld }: ScreenedInput, { lead, accounts }: SameEntityEvidence): WithheldField[] {
  const records = [lead, ...accounts]
  return withheld.flatMap(({ path: [, index, field], signs }) => {
    const read = records[Number(index)]
    if (!read || typeof field !== 'string') return []
    const { object, id, values } = read
    const record: NamedRecord = { object, id, name: String(values['Name'] ?? `(unnamed ${object})`) }
    return [{ record, field, signs }]
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
