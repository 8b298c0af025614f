import { SIGNATURE_SECONDS } from '../../contract/activation.ts'
import type { AcceptedDecision } from '../../contract/approval-token.ts'
import type { ToolOutput } from '../../contract/tools.ts'
import { addSeconds } from '../../contract/values/instant.ts'
import { Conflict, Forbidden, NotFound, SalesforceError } from '../domain/errors.ts'
import type { FirstSignature, MissionVersion } from '../domain/mission.ts'
import type { Clock } from '../ports/clock.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { Store } from '../ports/store.ts'
import type { Caller } from '../decisions/eligibility.ts'

interface Activation {
  name: string
  version: number
  /** Org-signed token: verb `activate`, decision `mission:<name>@<version>`, digest = the grant's hash. */
  token: string
  caller: Caller
}

interface ActivationDeps {
  store: Store
  salesforce: Salesforce
  clock: Clock
}

/** An activation can be renewed in the last days before its end. */
const RENEWAL_SECONDS = 30 * 86_400

const MOST_RUNS = 1_000

/**
 * Has a mission version activated in the org's register by salesforce-mcp, which judges how many administrators have to sign. The
 * first of two signatures is kept until the second comes. Throws NotFound, Conflict (already active), Forbidden (names what is
 * missing) or SalesforceError (retryable).
 */
export async function activateMission(
  deps: ActivationDeps,
  { name, version, token, caller }: Activation,
): Promise<void> {
  assertAdministrator(caller, 'activate')
  const mission = await deps.store.mission(name, version)
  if (!mission) throw new NotFound('mission')
  await assertNotActive(deps, mission)
  const { accepted, claims } = await whenTaken(
    deps.salesforce.call('acceptDecision', { token }, { runId: null, userId: caller.userId }),
  )
  const wrong =
    (claims.sub !== caller.userId && 'another user') ||
    (claims.verb !== 'activate' && `the verb ${claims.verb}`) ||
    (claims.decisionId !== `mission:${name}@${version}` && 'another mission') ||
    (claims.digest !== mission.grantHash && 'another grant')
  if (wrong) throw new Forbidden(`The decision token is for ${wrong}.`, 'a decision token for this activation')
  const first = signatureBefore(mission, caller, deps.clock.now())
  const { answer, isSeconded } = await entered(deps, mission, accepted, first)
  const signature = { accepted, userId: caller.userId, at: deps.clock.now() }
  await deps.store.transaction(async (tx) => {
    const { widenings, endsAt } = answer
    if (endsAt === null) return tx.signMission(name, version, { ...signature, widenings })
    const signedFirst = isSeconded && first ? { accepted: first.accepted, userId: first.userId } : null
    const { userId, at } = signature
    await tx.activateMission(name, version, { activation: accepted, userId, at, signedFirst, endsAt })
    await tx.addMark({ kind: 'activation', mission: name, what: `activation of ${name} v${version}` })
    // Runs that hold because the mission was not active go on.
    for (const run of await tx.runs({ mission: name, status: 'held', limit: MOST_RUNS }))
      if (run.nextTryAt === null) await tx.addOutbox({ kind: 'advance-run', about: run.id, dueInSeconds: 0 })
  })
}

/** Throws Forbidden unless the caller administers missions. */
export function assertAdministrator(caller: Caller, verb: string): void {
  if (caller.permissions.includes('Administer_Missions')) return
  throw new Forbidden(`Only an administrator of missions may ${verb} one.`, 'Administer_Missions')
}

async function assertNotActive(
  { store, salesforce, clock }: ActivationDeps,
  { name, version }: MissionVersion,
): Promise<void> {
  const active = (await store.activeMissions()).find((mission) => mission.name === name)
  if (active?.version !== version || active.endsAt === null) return
  const renewable = addSeconds(active.endsAt, -RENEWAL_SECONDS)
  if (renewable <= clock.now() || (await isInactive(salesforce, active))) return
  const until = `until ${active.endsAt.slice(0, 10)}, and can be renewed from ${renewable.slice(0, 10)} on`
  throw new Conflict('already-active', `Version ${version} of ${name} is active ${until}.`)
}

/** True when the org's register says so, e.g. since an administrator has withdrawn the mission there. */
async function isInactive(salesforce: Salesforce, { grant }: MissionVersion): Promise<boolean> {
  try {
    await salesforce.call('openGrant', { grant }, { runId: null })
    return false
  } catch (error) {
    if (error instanceof SalesforceError && error.error.code === 'inactive') return true
    throw error
  }
}

/** Another administrator's signature that waits for this one. */
function signatureBefore({ waiting }: MissionVersion, caller: Caller, now: string): FirstSignature | null {
  if (!waiting || waiting.userId === caller.userId) return null
  return addSeconds(waiting.at, SIGNATURE_SECONDS) > now ? waiting : null
}

type Entered = ToolOutput<'activateGrant'>

/** A first signature that salesforce-mcp no longer takes, e.g. since the mission was withdrawn in the org, leaves this one the first. */
async function entered(
  { store, salesforce }: ActivationDeps,
  { name, grant }: MissionVersion,
  accepted: AcceptedDecision,
  first: FirstSignature | null,
): Promise<{ answer: Entered; isSeconded: boolean }> {
  const before = (await store.lastActivated(name))?.grant ?? null
  const enter = (decisions: AcceptedDecision[]) =>
    salesforce.call('activateGrant', { grant, before, decisions }, { runId: null })
  if (first) {
    try {
      return { answer: await enter([first.accepted, accepted]), isSeconded: true }
    } catch (error) {
      if (!(error instanceof SalesforceError) || error.error.code !== 'refused') throw error
    }
  }
  return { answer: await whenTaken(enter([accepted])), isSeconded: false }
}

async function whenTaken<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof SalesforceError) || error.error.retryable) throw error
    throw new Forbidden(`The decision token was refused: ${error.error.message}.`, 'a decision signed by the org')
  }
}
