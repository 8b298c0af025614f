import { z } from 'zod'
import { ApiName, SalesforceId } from '../values/ids.ts'
import { expectedOf, itsKind, none, nothing, Source, type Rules } from './fields.ts'

/** SOAP's OwnerChangeOptions that move other records along, with the objects whose owner changes then. */
const OBJECTS_ALONG = {
  TransferOpenActivities: ['Event', 'Task'],
  TransferNotesAndAttachments: ['Attachment', 'Note'],
  TransferOthersOpenOpportunities: ['Opportunity'],
  TransferOwnedOpenOpportunities: ['Opportunity'],
  TransferOwnedClosedOpportunities: ['Opportunity'],
  TransferOwnedOpenCases: ['Case'],
  TransferAllOwnedCases: ['Case'],
  TransferContacts: ['Contact'],
  TransferContracts: ['Contract'],
  TransferOrders: ['Order'],
} as const
type Transfer = keyof typeof OBJECTS_ALONG
export const TRANSFERS = Object.keys(OBJECTS_ALONG) as [Transfer, ...Transfer[]]

export const ChangeOwnerOperation = z.strictObject({
  kind: z.literal('changeOwner'),
  object: ApiName,
  id: SalesforceId,
  from: SalesforceId,
  to: SalesforceId,
  source: Source,
  keepTeam: z.boolean(),
  /** What moves along, by SOAP's name; everything not listed stays where it is, and nobody is sent an e-mail. */
  transfer: z.array(z.enum(TRANSFERS)).max(10),
})
export type ChangeOwnerOperation = z.infer<typeof ChangeOwnerOperation>

const objectsAlong = ({ transfer }: ChangeOwnerOperation): string[] => [
  ...new Set(transfer.flatMap((name) => OBJECTS_ALONG[name])),
]

export const changeOwnerRules = {
  object: ({ object }) => object,
  grantedAs: itsKind,
  touches: ({ object, id }) => [{ object, id }],
  creates: nothing,
  ends: none,
  revives: none,
  closes: none,
  sets: ({ object, id, from, to, source }) => [
    { record: { object, id }, field: 'OwnerId', from, to, source, path: { from: 'from', to: 'to' } },
  ],
  moves: none,
  reassigns: objectsAlong,
  leaves: none,
  rights: (operation) => {
    const { object, id } = operation
    return [
      { verb: 'edit', object, id, fields: ['OwnerId'] },
      { verb: 'transfer', object, id },
      ...objectsAlong(operation).map((along) => ({ verb: 'reassign' as const, object: along, fields: ['OwnerId'] })),
    ]
  },
  expects: (operation) =>
    expectedOf(operation, {
      LastActivityDate: 'the follow-up task counts as activity',
      'Owner.Name': 'it follows the owner',
    }),
  transaction: 'owners',
  floor: 'always',
} as const satisfies Rules<ChangeOwnerOperation>
