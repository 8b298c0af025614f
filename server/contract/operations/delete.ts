import { z } from 'zod'
import { ApiName, SalesforceId } from '../values/ids.ts'
import { itsKind, none, nothing, type Rules } from './fields.ts'

export const DeleteOperation = z.strictObject({ kind: z.literal('delete'), object: ApiName, id: SalesforceId })
export type DeleteOperation = z.infer<typeof DeleteOperation>

export const deleteRules = {
  object: ({ object }) => object,
  grantedAs: itsKind,
  touches: ({ object, id }) => [{ object, id }],
  creates: nothing,
  ends: ({ object, id }) => [{ record: { object, id }, mergedInto: null }],
  revives: none,
  closes: none,
  sets: none,
  moves: none,
  reassigns: none,
  leaves: none,
  rights: ({ object, id }) => [{ verb: 'delete', object, id }],
  expects: none,
  transaction: 'composite',
  floor: 'always',
} as const satisfies Rules<DeleteOperation>
