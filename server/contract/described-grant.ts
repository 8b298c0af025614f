// What an org has of the names in a grant, before administrators activate it: metadata alone, and no value of any record.
import { z } from 'zod'
import { ApiName } from './values/ids.ts'

const Field = z.object({
  name: ApiName,
  type: z.string(),
  createable: z.boolean(),
  updateable: z.boolean(),
  calculated: z.boolean(),
  referenceTo: z.array(z.string()),
  /** Values that a restricted picklist takes; null for every other field. */
  values: z.array(z.string()).nullable(),
})

export const DescribedGrant = z.object({
  objects: z.array(
    z.object({
      object: ApiName,
      /** Null for an object that the org lacks, or that the reading user does not see. */
      found: z
        .object({
          /** Every field of the object, for a name that was meant. */
          names: z.array(z.string()),
          /** Those that the grant names. */
          fields: z.array(Field),
          /** Relationships to objects that the grant names. */
          children: z.array(z.object({ object: ApiName, field: ApiName, relationship: z.string() })),
        })
        .nullable(),
    }),
  ),
  /** Active users behind each roster of the gate. */
  rosters: z.array(z.object({ from: z.string(), people: z.number() })),
})
export type DescribedGrant = z.infer<typeof DescribedGrant>
export type DescribedObject = NonNullable<DescribedGrant['objects'][number]['found']>
