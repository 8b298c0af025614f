import { z } from 'zod'
import { ApiName, SalesforceId } from '../values/ids.ts'
import { expectedOf, none, nothing, type Rules } from './fields.ts'

/** Takes a record back out of the Recycle Bin: so that an undo can bring back what a merge or a delete took. */
export const UndeleteOperation = z.strictObject({
  kind: z.literal('undelete'),
  object: ApiName,
  id: SalesforceId,
  /** The record it was merged into; null for one that was deleted. */
  mergedInto: SalesforceId.nullable(),
})
export type UndeleteOperation = z.infer<typeof UndeleteOperation>

export const undeleteRules = {
  object: ({ object }) => object,
  // A mission that may end a record in this way may bring it back.
  grantedAs: ({ mergedInto }) => ['undelete', mergedInto === null ? 'delete' : 'merge'],
  touches: ({ object, id }) => [{ object, id }],
  creates: nothing,
  ends: none,
  revives: ({ object, id, mergedInto }) => [{ record: { object, id }, mergedInto }],
  closes: none,
  sets: none,
  moves: none,
  reassigns: none,
  leaves: ({ object, id }) => [{ record: { object, id }, field: 'IsDeleted', to: false }],
  // The org answers nothing about a user's access to a deleted record, so that the right is of the object.
  rights: ({ object }) => [{ verb: 'undelete', object }],
  expects: (operation) =>
    expectedOf(operation, {
      MasterRecordId: 'the org clears it when a merged record is restored',
      LastActivityDate: 'it follows the activities that come back or move back',
    }),
  transaction: 'undelete',
  floor: 'always',
} as const satisfies Rules<UndeleteOperation>
