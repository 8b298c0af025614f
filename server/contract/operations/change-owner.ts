import { z } from 'zod'
import { ApiName, SalesforceId } from '../values/ids.ts'
import { expectedOf, none, nothing, Source, type Rules } from './fields.ts'

export const ChangeOwnerOperation = z.strictObject({
  kind: z.literal('changeOwner'),
  object: ApiName,
  id: SalesforceId,
  from: SalesforceId,
  to: SalesforceId,
  source: Source,
  keepTeam: z.boolean(),
  /** SOAP OwnerChangeOptions to execute, e.g. `TransferOpenActivities`; everything not listed stays where it is. */
  transfer: z.array(z.string().max(60)).max(10),
})
export type ChangeOwnerOperation = z.infer<typeof ChangeOwnerOperation>

export const changeOwnerRules = {
  object: ({ object }) => object,
  touches: ({ object, id }) => [{ object, id }],
  creates: nothing,
  ends: none,
  closes: none,
  sets: ({ object, id, from, to, source }) => [
    { record: { object, id }, field: 'OwnerId', from, to, source, path: { from: 'from', to: 'to' } },
  ],
  moves: none,
  leaves: none,
  rights: ({ object, id }) => [
    { verb: 'edit', object, id, fields: ['OwnerId'] },
    { verb: 'transfer', object, id },
  ],
  expects: (operation) =>
    expectedOf(operation, {
      LastActivityDate: 'the follow-up task counts as activity',
      'Owner.Name': 'it follows the owner',
    }),
  transaction: 'owners',
  floor: 'always',
} as const satisfies Rules<ChangeOwnerOperation>
