// Guarantee 5: of two processes that listen to the org, one that was paused takes the place in the stream back from neither.
import { beforeAll, expect, it } from 'vitest'
import { outsideTransaction } from '../../../server/brain/adapters/postgres/session/nesting.ts'
import type { OrgChange } from '../../../server/brain/ports/org-changes.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { positionKey, watermarkKey } from '../../../server/brain/runs/stream-position.ts'
import { takeChange } from '../../../server/brain/runs/take-change.ts'
import { clock, ids, onEachDatabase } from '../store/databases.ts'
import { freshLead, someMission } from '../store/fixtures.ts'

const TOPIC = '/data/LeadChangeEvent'

onEachDatabase('two processes that listen to the org', (opened) => {
  beforeAll(async () => opened().store.transaction((tx) => tx.insertMission(someMission('tidy'))))

  const change = (replayId: number, second: string): OrgChange => ({
    topic: TOPIC,
    replayId: String(replayId),
    object: 'Lead',
    changeType: 'CREATE',
    changedFields: null,
    isComplete: true,
    recordIds: [freshLead()],
    client: null,
    at: `2026-03-01T10:00:${second}.000Z`,
    modifiedAt: null,
  })
  const take = (store: Store, event: OrgChange) => takeChange({ store, clock, ids }, event)
  const kept = async () => {
    const { store } = opened()
    return [await store.setting(positionKey(TOPIC)), await store.setting(watermarkKey('Lead'))]
  }

  it('keep the furthest position and watermark when the slower one takes what the other had long taken', async () => {
    const { store, other } = opened()
    const late = change(98, '01')
    await take(store, late)
    await take(store, change(1001, '09'))
    await take(other, late)
    expect(await kept()).toEqual(['1001', '2026-03-01T10:00:09.000Z'])
    await take(other, change(1002, '10'))
    expect(await kept()).toEqual(['1002', '2026-03-01T10:00:10.000Z'])
  })

  it('keep them when one is paused in the middle of taking an event', async () => {
    const { store, other } = opened()
    const paused: Store = {
      ...other,
      transaction: (work) =>
        other.transaction(async (tx) => {
          await tx.setting(positionKey(TOPIC))
          if (other !== store) await outsideTransaction(() => take(store, change(1004, '12')))
          return work(tx)
        }),
    }
    if (other === store) await take(store, change(1004, '12'))
    await take(paused, change(1003, '11'))
    expect(await kept()).toEqual(['1004', '2026-03-01T10:00:12.000Z'])
  })

  it('begin anew after a position that the org refused was forgotten', async () => {
    const { store } = opened()
    await store.transaction((tx) => tx.setSetting(positionKey(TOPIC), ''))
    await take(store, change(7, '20'))
    expect(await store.setting(positionKey(TOPIC))).toBe('7')
  })
})
