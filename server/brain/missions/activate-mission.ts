import { Conflict, Forbidden, NotFound, SalesforceError } from '../domain/errors.ts'
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

/**
 * Makes a mission version active: an administrator's signature over its grant, taken and tried by salesforce-mcp.
 * Throws NotFound, Conflict (already active), Forbidden (names what is missing) or SalesforceError (retryable).
 */
export async function activateMission(
  deps: { store: Store; salesforce: Salesforce; clock: Clock },
  { name, version, token, caller }: Activation,
): Promise<void> {
  if (!caller.permissions.includes('Administer_Missions'))
    throw new Forbidden('Only an administrator of missions may activate one.', 'Administer_Missions')
  const mission = await deps.store.mission(name, version)
  if (!mission) throw new NotFound('mission')
  if (mission.activation) throw new Conflict('already-active', `Version ${version} of ${name} is active already.`)
  const { accepted, claims } = await whenTaken(deps.salesforce.call('acceptDecision', { token }, { runId: null }))
  const wrong =
    (claims.sub !== caller.userId && 'another user') ||
    (claims.verb !== 'activate' && `the verb ${claims.verb}`) ||
    (claims.decisionId !== `mission:${name}@${version}` && 'another mission') ||
    (claims.digest !== mission.grantHash && 'another grant')
  if (wrong) throw new Forbidden(`The decision token is for ${wrong}.`, 'a decision token for this activation')
  await whenTaken(deps.salesforce.call('openGrant', { grant: mission.grant, activation: accepted }, { runId: null }))
  const by = { activation: accepted, userId: caller.userId, at: deps.clock.now() }
  await deps.store.transaction((tx) => tx.activateMission(name, version, by))
}

async function whenTaken<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof SalesforceError) || error.error.retryable) throw error
    throw new Forbidden(`The decision token was refused: ${error.error.message}.`, 'a decision signed by the org')
  }
}
