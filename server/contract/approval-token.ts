import { z } from 'zod'
import { SalesforceId } from './values/ids.ts'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Claims = {
  /** 18-character org id. */
  iss: SalesforceId,
  /** User id. */
  sub: SalesforceId,
  jti: z.string().min(16).max(128),
  iat: z.number().int(),
  exp: z.number().int(),
  /** Developer names of the custom permissions the user holds. */
  permissions: z.array(z.string()),
}

/** `MissionSession.open()`: reads the brain's API for five minutes. `aud` is the brain's public URL. */
export const SessionClaims = z.object({ ...Claims, aud: z.string(), typ: z.literal('session') })
export type SessionClaims = z.infer<typeof SessionClaims>

export const DECISION_AUDIENCE = 'salesforce-mcp'
export const AnswerVerb = z.enum(['approve', 'reject', 'take-back'])
export type AnswerVerb = z.infer<typeof AnswerVerb>
export const DecisionVerb = z.enum([...AnswerVerb.options, 'activate', 'start-writes'])
export type DecisionVerb = z.infer<typeof DecisionVerb>

/**
 * `MissionSession.decide()`: one verb on one digest by one person, valid for 60 seconds and taken once.
 * For `activate`, `decisionId` is `mission:<name>@<version>` and `digest` the grant's hash; for `start-writes`, `switch:<what>` and
 * the hash of the stop that it ends.
 */
export const DecisionClaims = z.object({
  ...Claims,
  aud: z.literal(DECISION_AUDIENCE),
  typ: z.literal('decision'),
  decisionId: z.string().min(1).max(128),
  digest: Hash,
  verb: DecisionVerb,
  /** `rightsHash` of what Apex checked, in user mode, when it signed. */
  rights: Hash,
  /** Public groups the user is a direct member of, by developer name. */
  groups: z.array(z.string()),
})
export type DecisionClaims = z.infer<typeof DecisionClaims>

/**
 * A decision token that salesforce-mcp took within its minute, under salesforce-mcp's own seal: it stays good until the
 * decision expires, so that a second approver or an outage does not void the first one's answer.
 */
export const AcceptedDecision = z.strictObject({ token: z.string().max(8192), takenAt: z.string().max(40), seal: Hash })
export type AcceptedDecision = z.infer<typeof AcceptedDecision>
