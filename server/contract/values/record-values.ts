import { z } from 'zod'
import { FieldValue } from './field-value.ts'
import { ApiName, SalesforceId } from './ids.ts'

/** A record as the tools return it: type, id and values in decimal-string form; parents as dotted names (`Owner.Name`). */
export const RecordValues = z.object({
  object: ApiName,
  id: SalesforceId,
  values: z.record(z.string(), FieldValue),
  /** Child records by relationship name, when asked for. */
  children: z
    .record(
      z.string(),
      z.object({
        total: z.number(),
        records: z.array(z.object({ id: SalesforceId, values: z.record(z.string(), FieldValue) })),
      }),
    )
    .optional(),
})
export type RecordValues = z.infer<typeof RecordValues>
