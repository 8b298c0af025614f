import { Conflict, NotFound } from '../domain/errors.ts'
import type { Store } from '../ports/store.ts'
import type { Caller } from '../decisions/eligibility.ts'
import { assertAdministrator } from './activate-mission.ts'

interface MostShare {
  name: string
  /** From 0 to 1. */
  share: number
  caller: Caller
}

/**
 * Lets events start a mission for at most this share of its records, at once and for every version; a version's own share stays the
 * most. Throws NotFound, Forbidden or Conflict (it is more than the active version allows).
 */
export async function setRollout({ store }: { store: Store }, { name, share, caller }: MostShare): Promise<void> {
  assertAdministrator(caller, 'roll out')
  const active = (await store.activeMissions()).find((mission) => mission.name === name)
  const mission = active ?? (await store.mission(name))
  if (!mission) throw new NotFound('mission')
  const own = mission.definition.rollout?.share
  if (own !== undefined && share * 100 > Number(own.slice(0, -1)))
    throw new Conflict(
      'wrong-status',
      `Version ${mission.version} of ${name} is for ${own} of the records: activate one for more.`,
    )
  await store.transaction((tx) => tx.setSetting(`rollout:${name}`, String(share)))
}
