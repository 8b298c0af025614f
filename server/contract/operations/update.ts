import { z } from 'zod'
import { boundedRecord } from '../values/bounded-record.ts'
import { ApiName, SalesforceId } from '../values/ids.ts'
import { followersOf } from './derived.ts'
import { Change, expectedOf, fieldNamesOf, itsKind, none, nothing, valuesSet, type Rules } from './fields.ts'

export const UpdateOperation = z.strictObject({
  kind: z.literal('update'),
  object: ApiName,
  id: SalesforceId,
  fields: boundedRecord(ApiName, Change, 200),
})
export type UpdateOperation = z.infer<typeof UpdateOperation>

export const updateRules = {
  object: ({ object }) => object,
  grantedAs: itsKind,
  touches: ({ object, id }) => [{ object, id }],
  creates: nothing,
  ends: none,
  revives: none,
  closes: none,
  sets: ({ object, id, fields }) => valuesSet({ object, id }, fields),
  moves: none,
  reassigns: none,
  leaves: none,
  rights: ({ object, id, fields }) => [{ verb: 'edit', object, id, fields: fieldNamesOf(fields) }],
  expects: (operation) =>
    expectedOf(operation, {
      ...followersOf(operation.object, Object.keys(operation.fields)),
      LastActivityDate: 'the follow-up task counts as activity',
    }),
  transaction: 'composite',
  floor: 'by value',
} as const satisfies Rules<UpdateOperation>
