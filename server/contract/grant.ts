import { z } from 'zod'
import { GrantedAssertion } from './assertion.ts'
import { CommitTimes } from './commit-times/commit-times.ts'
import { GateLine } from './gate/lines.ts'
import { OPERATION_KINDS } from './operations/operation.ts'
import { sha256Of } from './values/canonical.ts'
import { boundedRecord } from './values/bounded-record.ts'
import { ApiName } from './values/ids.ts'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** A name for a checkbox field, as gate lines call it: `record.legalHold`. */
export const FactName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/)

/**
 * What a mission version may touch, who must answer, and the hashes of everything it runs on: the text and knowledge of an
 * activated version can change only together with an administrator's signature.
 */
export const Grant = z.strictObject({
  mission: z.string().regex(/^[a-z][a-z0-9-]{0,79}$/),
  version: z.number().int().positive(),
  /** Readable fields by object; system fields (`ALWAYS_READABLE`) need no mention. */
  reads: boundedRecord(ApiName, z.array(ApiName).max(1000), 100),
  /** Writable fields and allowed kinds of operation by object. */
  writes: boundedRecord(
    ApiName,
    z.strictObject({
      kinds: z.array(z.enum(OPERATION_KINDS)).max(20),
      fields: z.array(ApiName).max(1000),
    }),
    100,
  ),
  /** Every line with its condition: salesforce-mcp judges them itself, on facts that it reads right before the first write. */
  gate: z.array(GateLine).min(1).max(20),
  /** The org's own checkbox fields that gate lines may name, as `Object.Field`. */
  facts: boundedRecord(FactName, z.string().regex(/^[A-Za-z]\w{0,79}\.[A-Za-z]\w{0,79}$/), 50),
  /** Must hold right before the first write; absent where there is none. */
  assertions: z.array(GrantedAssertion).min(1).max(20).optional(),
  /** When approved changes may be written; absent where any time will do. */
  commit: CommitTimes.optional(),
  /** SHA-256 of the definition as it runs and as it is written, and of each pinned knowledge document, by name. */
  definition: z.strictObject({ parsed: Hash, source: Hash }),
  knowledge: boundedRecord(
    z.string().max(80),
    z.strictObject({ version: z.number().int().positive(), hash: Hash }),
    20,
  ),
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
