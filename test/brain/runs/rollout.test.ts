// A mission that is rolled out to a share of its records: events start runs for those, always the same ones, and people for every one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import { Conflict, Forbidden } from '../../../server/brain/domain/errors.ts'
import { setRollout } from '../../../server/brain/missions/set-rollout.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { leftAsideKey } from '../../../server/brain/runs/bounds/rollout.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { takeChange } from '../../../server/brain/runs/take-change.ts'
import { checkpointKey, clock, ids, ORG_ID } from '../store/databases.ts'
import { freshLead, someMission } from '../store/fixtures.ts'

let store: Store
let close: () => Promise<void>
const MISSION = 'tried'
const administrator = { userId: '005000000000001AAA', permissions: ['Administer_Missions'] }

beforeAll(async () => {
  const database = await openInMemory()
  close = database.close
  const bodyKey = Buffer.alloc(32, 7)
  store = await openStore({ pool: database.pool, orgId: ORG_ID, clock, ids, bodyKey, checkpointKey })
  const mission = someMission(MISSION, { perDay: 10_000 })
  const definition = { ...mission.definition, rollout: { share: '20%' } }
  await store.transaction((tx) => tx.insertMission({ ...mission, definition }))
})
afterAll(async () => {
  await store.close()
  await close()
})

let replayId = 0
async function started(leads: readonly string[]): Promise<string[]> {
  for (const id of leads)
    await takeChange(
      { store, clock, ids },
      {
        topic: '/data/LeadChangeEvent',
        replayId: String((replayId += 1)),
        object: 'Lead',
        changeType: 'CREATE',
        changedFields: null,
        isComplete: true,
        recordIds: [id],
        client: null,
        at: clock.now(),
        modifiedAt: null,
      },
    )
  const runs = await Promise.all(leads.map((record) => store.runs({ record, mission: MISSION, limit: 1 })))
  return leads.filter((_, index) => (runs[index] ?? []).length > 0)
}
const leftAside = async () => Number((await store.setting(leftAsideKey(MISSION))) ?? 0)
const some = (count: number) => Array.from({ length: count }, freshLead)
const allow = (share: number, caller = administrator) => setRollout({ store }, { name: MISSION, share, caller })

describe('a mission for a share of its records', () => {
  it('starts runs for about that share, and counts the rest', async () => {
    const before = await leftAside()
    const leads = some(200)
    const found = await started(leads)
    expect(found.length).toBeGreaterThan(20)
    expect(found.length).toBeLessThan(65)
    expect((await leftAside()) - before).toBe(200 - found.length)
  })

  it('starts none once an administrator says so, and the same ones again after that', async () => {
    const leads = some(60)
    await allow(0)
    expect(await started(leads)).toEqual([])
    await allow(0.05)
    const few = await started(leads)
    await allow(0.2)
    const more = await started(leads)
    expect(more).toEqual(expect.arrayContaining(few))
    expect(more.length).toBeGreaterThan(few.length)
  })

  it('runs for every record that a person names', async () => {
    await allow(0)
    for (const id of some(5)) {
      const trigger = {
        kind: 'launch' as const,
        change: null,
        subject: { object: 'Lead', id },
        scope: null,
        launcher: administrator.userId,
        at: clock.now(),
        idempotencyKey: ids.next(),
      }
      expect((await startRun({ store, clock, ids }, { mission: MISSION, trigger })).created).toBe(true)
    }
  })

  it('is widened by no administrator beyond what was activated, and by no one else at all', async () => {
    await expect(allow(0.5)).rejects.toThrow(Conflict)
    await expect(allow(0, { ...administrator, permissions: [] })).rejects.toThrow(Forbidden)
  })
})
