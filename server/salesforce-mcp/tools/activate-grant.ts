import { ADMINISTER_PERMISSION, SIGNATURE_SECONDS } from '../../contract/activation.ts'
import { checkAssertion } from '../../contract/assertions.ts'
import type { AcceptedDecision, DecisionClaims } from '../../contract/approval-token.ts'
import { faultsOf } from '../../contract/commit-times/commit-times.ts'
import { localTime } from '../../contract/commit-times/local-time.ts'
import { checkExpression } from '../../contract/gate/expression.ts'
import { grantHash, type Grant } from '../../contract/grant.ts'
import { sha256 } from '../../contract/values/canonical.ts'
import { addSeconds, wholeSecond } from '../../contract/values/instant.ts'
import { widenings } from '../../contract/widenings.ts'
import { ToolFailure } from '../failure/failure.ts'
import type { Registered } from '../grants/register.ts'
import { peopleOf } from '../org/roster.ts'
import type { Services, Tool, ToolCall } from '../services/services.ts'

interface Signature {
  claims: DecisionClaims
  /** Names the token in the register, so that it activates once. */
  fingerprint: string
}

const DAY_SECONDS = 86_400

/** Throws ToolFailure `refused` or `not-granted` with the reason. */
export const activateGrant: Tool<'activateGrant'> = async ({ grant, before, decisions }, call) => {
  const { register, grants, activationDays, now } = call.services
  const hash = grantHash(grant)
  for (const line of grant.gate) if ('when' in line) assertExpression(line.when)
  for (const { holds, over } of grant.assertions ?? []) assertCondition(holds, Object.keys(over))
  const [fault] = grant.commit ? faultsOf(grant.commit, localTime) : []
  if (fault) throw notGranted(`the times of commit cannot be kept: ${fault.message}`)
  const signatures = await Promise.all(decisions.map((decision) => signatureOf(decision, grant, call.services)))
  const records = await register.read(grant.mission)
  for (const signature of signatures) assertUnused(signature, records)
  const wider = widerThanBefore(grant, before, records)
  const needs = wider.length > 0 ? 2 : 1
  const [first, ...others] = [...new Set(signatures.map(({ claims }) => claims.sub))]
  if (first === undefined || 1 + others.length < needs) return { needs, widenings: wider, endsAt: null }
  await assertAdministrators([first, ...others], call)
  const { mission, version } = grant
  const endsAt = addSeconds(wholeSecond(now().toISOString()), activationDays * DAY_SECONDS)
  const fingerprints = signatures.map(({ fingerprint }) => fingerprint)
  await register.enter(
    { mission, version, grant: hash, by: [first, ...others], endsAt, signatures: fingerprints },
    records,
  )
  // Versions that this one takes the place of are looked at again when they are next used.
  grants.close(mission)
  return { needs, widenings: wider, endsAt }
}

/**
 * What the grant may do beyond the one that the register names last; the caller brings that one, and its hash has to be there. Where
 * nothing can be compared, everything is new.
 */
function widerThanBefore(grant: Grant, before: Grant | null, records: readonly Registered[]): string[] {
  const last = records.find(({ isSealed }) => isSealed)
  if (!last) return ['No version of this mission was active before: everything it may do is new']
  if (last.grant === grantHash(grant)) return []
  if (before === null || before.mission !== grant.mission || grantHash(before) !== last.grant)
    return ['The version that was active before is not known: everything this one may do counts as new']
  return widenings(before, grant)
}

async function signatureOf(decision: AcceptedDecision, grant: Grant, services: Services): Promise<Signature> {
  const claims = await services.desk.recall(decision)
  const name = `mission:${grant.mission}@${grant.version}`
  if (claims.verb !== 'activate') throw notGranted(`a decision to ${claims.verb} does not activate a mission`)
  if (claims.decisionId !== name) throw notGranted(`the activation is for ${claims.decisionId}, not ${name}`)
  if (claims.digest !== grantHash(grant)) throw notGranted(`the activation of ${name} is for another grant`)
  if (!claims.permissions.includes(ADMINISTER_PERMISSION))
    throw notGranted(`only ${ADMINISTER_PERMISSION} activates a mission`)
  const age = services.now().getTime() / 1000 - claims.iat
  if (age > SIGNATURE_SECONDS) throw refusal(`the signature is older than ${SIGNATURE_SECONDS / DAY_SECONDS} days`)
  return { claims, fingerprint: sha256(decision.token).slice(0, 32) }
}

/** A signature is about the register as it was: what was activated or withdrawn since then, it does not know. */
function assertUnused({ claims, fingerprint }: Signature, records: readonly Registered[]): void {
  if (records.some(({ signatures }) => signatures.includes(fingerprint))) {
    throw refusal('this signature has activated the mission before')
  }
  const changes = records.flatMap((record) => [record.createdAt, ...(record.isWithdrawn ? [record.changedAt] : [])])
  if (changes.some((at) => Math.floor(Date.parse(at) / 1000) > claims.iat)) {
    throw refusal('the mission was activated or withdrawn after this signature was given')
  }
}

/** A signature ends when the right to give it does. */
async function assertAdministrators(people: readonly string[], call: ToolCall): Promise<void> {
  const asking = { reader: call.services.reader, count: call.count }
  const holders = await peopleOf(`permission:${ADMINISTER_PERMISSION}`, asking)
  const gone = people.find((id) => !holders.some((holder) => holder.id === id))
  if (gone) throw refusal(`${gone} no longer holds ${ADMINISTER_PERMISSION}`)
}

/** An activated line that cannot be judged in bounded time, or at all, is no line. */
function assertExpression(expression: string): void {
  const [wrong] = checkExpression(expression)
  if (wrong !== undefined) throw notGranted(`a gate line cannot be judged: ${wrong}`)
}

function assertCondition(holds: string, steps: readonly string[]): void {
  const [wrong] = checkAssertion(holds, steps)
  if (wrong !== undefined) throw notGranted(`an assertion cannot be judged: ${wrong}`)
}

const notGranted = (reason: string): ToolFailure => new ToolFailure('not-granted', reason)
const refusal = (reason: string): ToolFailure => new ToolFailure('refused', reason)
