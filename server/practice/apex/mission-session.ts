// Stands in for the Apex class MissionSession of force-app, which cannot run outside an org: same methods, same answers.
import { SignJWT } from 'jose'
import { AuraHandledException, type ApexContext, type ApexMethod } from 'salesforce-practice-org/apex'
import type { User } from 'salesforce-practice-org/org'
import { z } from 'zod'
import { requireRights, Right, rightsHash } from './mission-rights.ts'

const SESSION_SECONDS = 300
const DECISION_SECONDS = 60
const DECISION_AUDIENCE = 'salesforce-mcp'
/** These reach the tokens; an org may define others, which stay inside. */
const OUR_PERMISSIONS = ['View_Missions', 'Launch_Missions', 'Decide_Missions', 'Administer_Missions', 'Audit_Missions']

/** `MissionSession.open()`: a five-minute token for reading the brain's API. */
const opening =
  (brainUrl: string): ApexMethod =>
  async (user, _input, context) => {
    requirePermission(user, 'View_Missions')
    const { token, expiresAt } = await sign(user, context, SESSION_SECONDS, { aud: brainUrl, typ: 'session' })
    return { token, expiresAt, brainUrl }
  }

/** JSON text, as in the Apex class: an untyped list does not reach an Aura-enabled method. */
const RightsText = z
  .string({ error: 'The list of rights is not JSON text.' })
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue('The list of rights is not JSON.')
      return z.NEVER
    }
  })
  .pipe(z.array(Right, { error: 'The list of rights is malformed.' }).max(2000, 'The list of rights is malformed.'))

const Decide = z.strictObject({
  decisionId: z.string().min(1).max(128),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  verb: z.enum(['approve', 'reject', 'take-back', 'activate', 'start-writes']),
  rights: RightsText,
})

const ADMINISTERING: ReadonlySet<string> = new Set(['activate', 'start-writes'])

/** `MissionSession.decide(decisionId, digest, verb, rights)`: one person's signed answer, good for one minute. */
async function decide(user: User, input: unknown, context: ApexContext): Promise<unknown> {
  const parsed = Decide.safeParse(input)
  if (!parsed.success) throw new AuraHandledException(z.prettifyError(parsed.error), 400)
  const { decisionId, digest, verb, rights } = parsed.data
  requirePermission(user, ADMINISTERING.has(verb) ? 'Administer_Missions' : 'Decide_Missions')
  if (verb === 'approve') requireRights(context.org, user.id, rights)
  const { token } = await sign(user, context, DECISION_SECONDS, {
    aud: DECISION_AUDIENCE,
    typ: 'decision',
    decisionId,
    digest,
    verb,
    rights: rightsHash(rights),
    groups: user.groups,
  })
  return { decision: token }
}

function requirePermission(user: User, permission: string): void {
  if (user.customPermissions.includes(permission)) return
  throw new AuraHandledException(`You need the permission ${permission}.`)
}

/** RS256 without `kid`, as Auth.JWS signs. */
async function sign(user: User, context: ApexContext, seconds: number, claims: Record<string, unknown>) {
  const iat = Math.floor(context.now() / 1000)
  const exp = iat + seconds
  const permissions = user.customPermissions.filter((name) => OUR_PERMISSIONS.includes(name))
  const token = await new SignJWT({
    iss: context.org.orgId,
    sub: user.id,
    jti: context.newId(),
    iat,
    exp,
    permissions,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(context.privateKey)
  return { token, expiresAt: new Date(exp * 1000).toISOString() }
}

/** By `Class.method`; `brainUrl` stands for the custom metadata record Mission_Setting.Brain. */
export const apexMethods = (brainUrl: string): ReadonlyMap<string, ApexMethod> =>
  new Map([
    ['MissionSession.open', opening(brainUrl)],
    ['MissionSession.decide', decide],
  ])
