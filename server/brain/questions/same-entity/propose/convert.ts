import type { Operation } from '../../../../contract/operations/operation.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { MissionVersion } from '../../../domain/mission.ts'
import { holds } from '../../../../contract/gate/expression.ts'
import type { LeadPlan } from './lead-plan.ts'

/** Converts the lead into the account when the mission's policy says so; no opportunity is made of it. */
export function convertOperation(
  mission: MissionVersion,
  lead: RecordValues,
  account: RecordValues,
  { owner, contact }: LeadPlan,
  convertedStatus: string | null,
): Operation[] {
  const { convert } = mission.definition.propose
  if (!convert || convertedStatus === null || !holds(convert.when, { lead: lead.values })) return []
  return [
    {
      kind: 'convertLead',
      id: lead.id,
      convertedStatus,
      accountId: account.id,
      ...(contact && { contactId: contact.id }),
      ...(owner && { ownerId: owner.to.id }),
      opportunity: 'none',
      overwriteLeadSource: false,
    },
  ]
}
