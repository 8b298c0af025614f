import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import type { OrgChange } from '../../../server/brain/ports/org-changes.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { positionKey } from '../../../server/brain/runs/stream-position.ts'
import { takeChange } from '../../../server/brain/runs/take-change.ts'
import { checkpointKey, clock, ids, ORG_ID } from '../store/databases.ts'
import { freshLead, someMission } from '../store/fixtures.ts'

describe('a change in the org', () => {
  let store: Store
  let close: () => Promise<void>
  beforeAll(async () => {
    const database = await openInMemory()
    close = database.close
    store = await openStore({
      pool: database.pool,
      orgId: ORG_ID,
      clock,
      ids,
      bodyKey: Buffer.alloc(32, 7),
      checkpointKey,
    })
    await store.transaction((tx) => tx.insertMission(someMission('tidy')))
  })
  afterAll(async () => {
    await store.close()
    await close()
  })

  let replayId = 100
  const change = (id: string, more: Partial<OrgChange> = {}): OrgChange => ({
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
    ...more,
  })
  const deps = () => ({ store, clock, ids })
  const runsAbout = async (record: string) => (await store.runs({ record, limit: 10 })).length

  it('starts a run and saves the position, together', async () => {
    const id = freshLead()
    const event = change(id)
    await takeChange(deps(), event)
    expect(await runsAbout(id)).toBe(1)
    expect(await store.setting(positionKey(event.topic))).toBe(event.replayId)
  })

  it('starts nothing twice when it is delivered twice', async () => {
    const id = freshLead()
    const event = change(id)
    await takeChange(deps(), event)
    await takeChange(deps(), event)
    expect(await runsAbout(id)).toBe(1)
  })

  it('starts nothing when the brain made it, but moves the position', async () => {
    const id = freshLead()
    const event = change(id, { client: 'missions' })
    await takeChange(deps(), event)
    expect(await runsAbout(id)).toBe(0)
    expect(await store.setting(positionKey(event.topic))).toBe(event.replayId)
  })

  it('starts nothing when no mission waits for it', async () => {
    const id = freshLead()
    await takeChange(deps(), change(id, { changeType: 'UPDATE' }))
    expect(await runsAbout(id)).toBe(0)
  })
})
