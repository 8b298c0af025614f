import { z } from 'zod'
import { boundedRecord } from '../values/bounded-record.ts'
import { ApiName } from '../values/ids.ts'
import { fieldNamesOf, NewValue, itsKind, none, valuesSet, type Rules } from './fields.ts'

export const CreateOperation = z.strictObject({
  kind: z.literal('create'),
  object: ApiName,
  /** Names the new record inside this change set. */
  key: z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/),
  fields: boundedRecord(ApiName, NewValue, 200),
})
export type CreateOperation = z.infer<typeof CreateOperation>

export const createRules = {
  object: ({ object }) => object,
  grantedAs: itsKind,
  // No record stands yet: nothing to hold a stamp of.
  touches: none,
  creates: ({ key }) => key,
  ends: none,
  revives: none,
  closes: none,
  sets: ({ fields }) => valuesSet(null, fields),
  moves: none,
  reassigns: none,
  leaves: none,
  rights: ({ object, fields }) => [{ verb: 'create', object, fields: fieldNamesOf(fields) }],
  expects: none,
  transaction: 'composite',
  floor: 'by value',
} as const satisfies Rules<CreateOperation>
