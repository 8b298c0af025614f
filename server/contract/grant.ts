import { z } from 'zod'
import { OPERATION_KINDS } from './operations/operation.ts'
import { sha256Of } from './values/canonical.ts'
import { ApiName } from './values/ids.ts'

/** What a mission version may touch: its `read` and `propose` sections, nothing else. */
export const Grant = z.strictObject({
  mission: z.string().regex(/^[a-z][a-z0-9-]{0,79}$/),
  version: z.number().int().positive(),
  /** Readable fields by object; system fields (`ALWAYS_READABLE`) need no mention. */
  reads: z.record(ApiName, z.array(ApiName)),
  /** Writable fields and allowed kinds of operation by object. */
  writes: z.record(
    ApiName,
    z.strictObject({
      kinds: z.array(z.enum(OPERATION_KINDS)),
      fields: z.array(ApiName),
    }),
  ),
  /** Gate lines, so that the writer knows the least a change set needs: `needs` of the strictest floor is never below 1. */
  gates: z.array(z.strictObject({ line: z.number().int(), needs: z.number().int().min(1), from: z.string() })),
  limits: z.strictObject({ records: z.number().int(), apiCalls: z.number().int() }),
})
export type Grant = z.infer<typeof Grant>

export const ALWAYS_READABLE = [
  'Id',
  'Name',
  'SystemModstamp',
  'CreatedDate',
  'LastModifiedDate',
  'LastModifiedById',
  'IsDeleted',
  'MasterRecordId',
] as const

/** What an administrator's `activate` signs, and the name a grant is called by in every tool call. */
export function grantHash(grant: Grant): string {
  return sha256Of(grant)
}
