import { Conflict, NotFound } from '../domain/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { Store } from '../ports/store.ts'
import type { Caller } from '../decisions/eligibility.ts'
import { assertAdministrator } from './activate-mission.ts'

interface Withdrawn {
  name: string
  reason: string
  caller: Caller
}

/**
 * Withdraws a mission, in the org's register first: none of its versions reads or writes from then on, and its runs hold. It only
 * narrows, so one administrator's session is enough. Throws NotFound, Forbidden, Conflict (withdrawn already) or SalesforceError.
 */
export async function withdrawMission(
  { store, salesforce, clock }: { store: Store; salesforce: Salesforce; clock: Clock },
  { name, reason, caller }: Withdrawn,
): Promise<void> {
  assertAdministrator(caller, 'withdraw')
  if (!(await store.mission(name))) throw new NotFound('mission')
  const by = caller.userId
  const { withdrawn } = await salesforce.call('withdrawGrant', { mission: name, reason, by }, { runId: null })
  const last = await store.lastActivated(name)
  if (!withdrawn && last?.withdrawn) throw new Conflict('already-withdrawn', `${name} is withdrawn already.`)
  await store.transaction((tx) => tx.withdrawMission(name, { userId: by, at: clock.now(), reason }))
}
