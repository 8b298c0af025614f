// Guarantee 5: a change event that cannot be taken stops neither those after it nor the process, and an administrator sees it.
import { beforeEach, expect, it } from 'vitest'
import type { TriedChange } from '../../../server/brain/ports/change-tries.ts'
import type { OrgChange } from '../../../server/brain/ports/org-changes.ts'
import type { Store, Tx } from '../../../server/brain/ports/store.ts'
import { MOST_TRIES } from '../../../server/brain/runs/set-aside.ts'
import { positionKey } from '../../../server/brain/runs/stream-position.ts'
import { openEventTaker, type EventTaker } from '../../../server/brain/runs/take-event.ts'
import { clock, ids, onEachDatabase } from '../store/databases.ts'
import { freshLead, someMission } from '../store/fixtures.ts'

onEachDatabase('a change event that cannot be taken', (opened) => {
  const setAside: TriedChange[] = []
  let poison = ''
  let topic = ''
  let events = 0
  let hasMission = false

  beforeEach(async () => {
    setAside.length = 0
    poison = freshLead()
    topic = `/data/Lead${poison}ChangeEvent`
    if (!hasMission) await opened().store.transaction((tx) => tx.insertMission(someMission('tidy')))
    hasMission = true
  })

  const change = (id: string): OrgChange => ({
    topic,
    replayId: String((events += 1)),
    object: 'Lead',
    changeType: 'CREATE',
    changedFields: null,
    isComplete: true,
    recordIds: [id],
    client: null,
    at: clock.now(),
    modifiedAt: null,
  })
  const runsAbout = async (record: string) => (await opened().store.runs({ record, limit: 10 })).length
  const figure = async () => (await opened().store.figures())['missions_changes_set_aside']?.[0]?.value ?? 0

  /** The store, where every run about the poison record meets this. */
  function storeWhere(meets: (tx: Tx) => Promise<never>): Store {
    const { store } = opened()
    const transaction: Store['transaction'] = (work) =>
      store.transaction((tx) =>
        work({ ...tx, openRunAbout: (mission, id) => (id === poison ? meets(tx) : tx.openRunAbout(mission, id)) }),
      )
    return { ...store, transaction }
  }
  const failing = () => storeWhere(() => Promise.reject(new Error('poison')))
  const takerOn = (store: Store, within: (work: Promise<void>) => Promise<void> = (work) => work): EventTaker =>
    openEventTaker({ store, clock, ids, within, onSetAside: (each) => void setAside.push(each) })

  /** As the subscription does: the same event until it is taken; returns the number of failures. */
  async function insist(taker: EventTaker, event: OrgChange, atMost = 20): Promise<number> {
    for (let failures = 0; ; failures += 1) {
      try {
        await taker.take(event)
        return failures
      } catch (error) {
        if (failures >= atMost) throw error
      }
    }
  }

  it('is set aside after some tries, with a row, and those after it are taken', async () => {
    const taker = takerOn(failing())
    const before = await figure()
    const [bad, good] = [change(poison), change(freshLead())]
    // The first failure is not counted.
    expect(await insist(taker, bad)).toBe(MOST_TRIES + 1)
    expect(setAside).toEqual([
      { source: topic, position: bad.replayId, object: 'Lead', change: 'CREATE', recordIds: [poison] },
    ])
    expect(await opened().store.setting(positionKey(topic))).toBe(bad.replayId)
    expect(await figure()).toBe(before + 1)
    expect(await insist(taker, good)).toBe(0)
    expect([await runsAbout(poison), await runsAbout(good.recordIds[0] ?? '')]).toEqual([0, 1])
  })

  it('and ends its process each time is set aside after some starts', async () => {
    const event = change(poison)
    let starts = 0
    for (; setAside.length === 0 && starts < 20; starts += 1) {
      const taker = takerOn(failing())
      taker.connected(topic)
      await taker.take(event).catch(() => {})
    }
    expect([starts, setAside.length]).toEqual([MOST_TRIES + 1, 1])
    expect(await opened().store.setting(positionKey(topic))).toBe(event.replayId)
  })

  it('in time is tried again, and set aside when it hangs each time', async () => {
    const late = (work: Promise<void>) => {
      work.catch(() => {})
      return Promise.reject(new Error('late'))
    }
    expect(await insist(takerOn(failing(), late), change(poison))).toBe(MOST_TRIES + 1)
    expect(setAside).toHaveLength(1)
  })

  it('while the database is away is not set aside, however often it comes', async () => {
    const { store } = opened()
    let isAway = true
    const away: Store = {
      ...store,
      transaction: (work) => (isAway ? Promise.reject(new Error('away')) : store.transaction(work)),
    }
    const taker = takerOn(away)
    const event = change(poison)
    await expect(insist(taker, event, 3 * MOST_TRIES)).rejects.toThrow('away')
    isAway = false
    expect(await insist(taker, event)).toBe(0)
    expect([setAside.length, await runsAbout(poison)]).toEqual([0, 1])
  })

  it('but is taken in the end leaves no row', async () => {
    const { store } = opened()
    let failures = 3
    const shaky = storeWhere(async (tx) => {
      failures -= 1
      if (failures < 0) return (await tx.openRunAbout('tidy', poison)) as never
      throw new Error('shaky')
    })
    const before = await figure()
    expect(await insist(takerOn(shaky), change(poison))).toBe(3)
    const tries = await store.transaction((tx) =>
      tx.countTry({ source: topic, position: String(events), object: 'Lead', change: 'CREATE', recordIds: [poison] }),
    )
    expect([tries, await figure(), await runsAbout(poison)]).toEqual([1, before, 1])
  })
})
