import { z } from 'zod'
import { boundedRecord } from '../values/bounded-record.ts'
import { ApiName, SalesforceId } from '../values/ids.ts'
import { Change, expectedOf, fieldNamesOf, Move, itsKind, none, nothing, valuesSet, type Rules } from './fields.ts'

export const MergeOperation = z.strictObject({
  kind: z.literal('merge'),
  object: ApiName,
  survivor: SalesforceId,
  losers: z.array(SalesforceId).min(1).max(2),
  /** Values set on the survivor; every other value of the survivor stays. */
  fields: boundedRecord(ApiName, Change, 200),
  moves: z.array(Move).max(200),
})
export type MergeOperation = z.infer<typeof MergeOperation>

export const mergeRules = {
  object: ({ object }) => object,
  grantedAs: itsKind,
  touches: ({ object, survivor, losers }) => [survivor, ...losers].map((id) => ({ object, id })),
  creates: nothing,
  ends: ({ object, survivor, losers }) => losers.map((id) => ({ record: { object, id }, mergedInto: survivor })),
  revives: none,
  closes: none,
  sets: ({ object, survivor, fields }) => valuesSet({ object, id: survivor }, fields),
  moves: ({ survivor, moves }) => moves.map((move) => ({ move, to: survivor })),
  reassigns: none,
  leaves: none,
  rights: ({ object, survivor, losers, fields }) => [
    { verb: 'edit', object, id: survivor, fields: fieldNamesOf(fields) },
    ...losers.map((id) => ({ verb: 'delete' as const, object, id })),
  ],
  expects: ({ object, survivor }) =>
    expectedOf(
      { object, id: survivor },
      {
        CreatedDate: 'a merged account keeps the oldest creation date',
        LastActivityDate: 'activities of the merged accounts count now',
      },
    ),
  transaction: 'merge',
  floor: 'always',
} as const satisfies Rules<MergeOperation>
