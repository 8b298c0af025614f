import { z } from 'zod'
import { SalesforceId, type RecordKey } from '../values/ids.ts'
import { itsKind, none, nothing, type Rules } from './fields.ts'

export const ConvertLeadOperation = z.strictObject({
  kind: z.literal('convertLead'),
  id: SalesforceId,
  convertedStatus: z.string().max(255),
  ownerId: SalesforceId.optional(),
  accountId: SalesforceId.optional(),
  contactId: SalesforceId.optional(),
  opportunity: z.enum(['none', 'existing', 'new']),
  overwriteLeadSource: z.literal(false),
})
export type ConvertLeadOperation = z.infer<typeof ConvertLeadOperation>

const leadOf = ({ id }: ConvertLeadOperation): RecordKey => ({ object: 'Lead', id })

export const convertLeadRules = {
  object: () => 'Lead',
  grantedAs: itsKind,
  touches: (operation) => [leadOf(operation)],
  creates: nothing,
  ends: none,
  revives: none,
  closes: (operation) => [leadOf(operation)],
  sets: none,
  moves: none,
  reassigns: none,
  leaves: (operation) => [{ record: leadOf(operation), field: 'IsConverted', to: true }],
  rights: ({ id }) => [{ verb: 'convert', object: 'Lead', id }],
  expects: none,
  transaction: 'convertLead',
  floor: 'always',
} as const satisfies Rules<ConvertLeadOperation>
