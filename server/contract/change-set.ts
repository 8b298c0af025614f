// The document an approval covers.
import { z } from 'zod'
import { Assertion } from './assertion.ts'
import { GateRequirement } from './gate/lines.ts'
import { Operation } from './operations/operation.ts'
import { FieldValue } from './values/field-value.ts'
import { ApiName, SalesforceId } from './values/ids.ts'

/** A value that what is proposed was concluded from, or that people were shown with it, and that nothing here changes. */
const Evidence = z.strictObject({ object: ApiName, id: SalesforceId, field: ApiName, value: FieldValue })
export type Evidence = z.infer<typeof Evidence>

/**
 * Everything an approval covers. The digest is computed over salted commitments to each leaf of this document, so a
 * hidden or erased value can be left out without changing it.
 */
export const SealedDocument = z.strictObject({
  org: SalesforceId,
  decision: z.string().min(1).max(64),
  run: z.string().min(1).max(64),
  mission: z.string().max(80),
  missionVersion: z.number().int().positive(),
  grant: z.string().regex(/^[0-9a-f]{64}$/),
  version: z.number().int().positive(),
  gate: GateRequirement,
  /** User who launched the run, or null when an event did. */
  launcher: SalesforceId.nullable(),
  /** Users who edited this change set; they do not count as approvers. */
  editors: z.array(SalesforceId),
  expiresAt: z.string(),
  operations: z.array(Operation).min(1).max(100),
  /** `SystemModstamp` of every record an operation touches, as read when this version was composed; a commit refuses one that lacks any. */
  base: z.record(SalesforceId, z.string()),
  /** A commit refuses when one of these values is another by then; absent where nothing was concluded from any. */
  evidence: z.array(Evidence).min(1).max(500).optional(),
  /** Must hold on the records as they are right before the first write; absent where the mission asserts nothing. */
  assertions: z.array(Assertion).min(1).max(20).optional(),
  /** Is not written before this time; absent where it may be at once. */
  notBefore: z.iso.datetime().optional(),
  /** The decision that this one puts back. A commit wants its receipt, and in return neither assertion nor time. */
  undoes: z.string().min(1).max(64).optional(),
})
export type SealedDocument = z.infer<typeof SealedDocument>
