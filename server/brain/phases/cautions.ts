import type { Caution, Proposal } from '../domain/proposal.ts'
import { nameOf } from '../domain/say.ts'
import { labelOf } from '../domain/described.ts'
import type { WithheldField } from '../questions/asking/question.ts'

/** One caution for each field that no model read, by record and field; the field's text stays where it is. Empty where there is none. */
export function cautionsOf(
  withheld: readonly WithheldField[],
  labels: Readonly<Record<string, string>>,
): Pick<Proposal, 'cautions'> {
  if (withheld.length === 0) return {}
  const cautions = withheld.map(({ record, field }): Caution => {
    const name = `${record.object}.${field}`
    return {
      code: 'text-withheld',
      text: [{ text: labels[name] ?? labelOf(field), field: name }, ' of ', nameOf(record), ' looks like instructions'],
      by: 'rule',
    }
  })
  return { cautions }
}
