import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { OrgChange } from '../../../server/brain/ports/org-changes.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { catchUp, watchedSinceKey } from '../../../server/brain/runs/catch-up.ts'
import type { ToolName } from '../../../server/contract/tools.ts'
import { positionKey, takeChange } from '../../../server/brain/runs/take-change.ts'
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
    isComplete: true,
    recordIds: [id],
    client: null,
    at: clock.now(),
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

  it('a change in the org that was missed is found by its date of creation, once, beside those that were heard', async () => {
    const [heard, missed] = [freshLead(), freshLead()]
    await store.transaction((tx) => tx.setSetting(watchedSinceKey('Lead'), '2026-01-01T00:00:00.000Z'))
    await takeChange(deps(), change(heard))
    const queries: string[] = []
    const salesforce = {
      call(tool: string, input: { queries?: string[] }) {
        if (tool === 'openGrant') return Promise.resolve({ grant: 'a'.repeat(64) })
        queries.push(...(input.queries ?? []))
        const values = { CreatedDate: '2026-02-01T10:00:00.000+0000' }
        const records = [heard, missed].map((id) => ({ object: 'Lead', id, values }))
        return Promise.resolve({ results: [{ totalSize: 2, records }], calls: 1 })
      },
    } as unknown as Salesforce
    await catchUp({ ...deps(), salesforce }, 'Lead')
    await catchUp({ ...deps(), salesforce }, 'Lead')
    expect(queries[0]).toMatch(/^SELECT Id, CreatedDate FROM Lead WHERE CreatedDate >= \d{4}-\d\d-\d\dT/)
    expect([await runsAbout(heard), await runsAbout(missed)]).toEqual([1, 1])
    expect((await store.runs({ record: missed, limit: 1 }))[0]?.trigger.kind).toBe('catch-up')
  })

  it('a change in the org of a mission that was withdrawn there is not asked for, and the listening goes on', async () => {
    const asked: string[] = []
    const withdrawn = { code: 'inactive', message: 'withdrawn on 2026-11-30', orgCode: null, retryable: true } as const
    const salesforce = {
      call(tool: ToolName) {
        asked.push(tool)
        return Promise.reject(new SalesforceError(tool, withdrawn))
      },
    } as unknown as Salesforce
    await catchUp({ ...deps(), salesforce }, 'Lead')
    expect(new Set(asked)).toEqual(new Set(['openGrant']))
  })

  it('a change in the org that came after the activation of its mission, but before anybody listened, is looked for from that second on', async () => {
    const activatedAt = '2026-01-01T09:00:00.700Z'
    const watched = '2026-01-01T10:00:00.000Z'
    const waiting = { ...deps(), store: { ...store, activeMissions, setting } }
    function activeMissions() {
      return Promise.resolve([{ ...someMission('tidy'), activatedAt }])
    }
    function setting(key: string) {
      return Promise.resolve(key === watchedSinceKey('Lead') ? watched : null)
    }
    const queries: string[] = []
    const salesforce = {
      call(tool: string, input: { queries?: string[] }) {
        queries.push(...(input.queries ?? []))
        return Promise.resolve(tool === 'openGrant' ? { grant: 'a'.repeat(64) } : { results: [], calls: 1 })
      },
    } as unknown as Salesforce
    await catchUp({ ...waiting, salesforce }, 'Lead')
    expect(queries[0]).toContain('CreatedDate >= 2026-01-01T09:00:00.000Z')
  })
})
