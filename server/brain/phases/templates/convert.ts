import type { ConvertTemplate } from '../../domain/mission.ts'
import { named } from '../../domain/named-record.ts'
import { inWords, nameOf } from '../../domain/say.ts'
import { toOrg } from '../../../contract/expressions/org-values.ts'
import { recordOf } from '../../questions/asking/question.ts'
import { holds, valueOrNull } from '../given/given.ts'
import { NOTHING, type Drafting, type Part } from './part.ts'

/** Converts the step's lead into an account when the mission says so; no opportunity is made of it. */
export function convertPart(template: ConvertTemplate, { given }: Drafting): Part {
  const lead = recordOf(given.evidence, template.record)
  const { convertedStatus } = given.evidence
  const idOf = (expression: string | null): string | null => {
    const id = expression === null ? null : toOrg(valueOrNull(expression, given))
    return typeof id === 'string' ? id : null
  }
  const accountId = idOf(template.into)
  if (!lead || convertedStatus === null || accountId === null || !holds(template.when, given)) return NOTHING
  const [contactId, ownerId] = [idOf(template.contact), idOf(template.owner)]
  return {
    ...NOTHING,
    operations: [
      {
        kind: 'convertLead',
        id: lead.id,
        convertedStatus,
        accountId,
        ...(contactId !== null && { contactId }),
        ...(ownerId !== null && { ownerId }),
        opportunity: 'none',
        overwriteLeadSource: false,
      },
    ],
    sentence: (words) => ['Convert ', inWords(nameOf(named(lead)), words), '.'],
  }
}
