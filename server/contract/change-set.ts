// The document an approval covers.
import { z } from 'zod'
import { Operation } from './operations/operation.ts'
import { SalesforceId } from './values/ids.ts'

/** The gate line that applies: how many distinct people, and from where. */
export const GateRequirement = z.strictObject({
  /** Index of the line in the mission's gate list, for citing it. */
  line: z.number().int().min(0),
  needs: z.number().int().min(1).max(5),
  /** `group:RevOps` · `permission:Decide_Missions`. */
  from: z.string().regex(/^(group|permission):[A-Za-z0-9_]{1,80}$/),
})
export type GateRequirement = z.infer<typeof GateRequirement>

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
  /** `SystemModstamp` of every record an operation touches, as read when this version was composed. */
  base: z.record(SalesforceId, z.string()),
})
export type SealedDocument = z.infer<typeof SealedDocument>
