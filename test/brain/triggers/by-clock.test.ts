// What the clock starts: schedules and polls, over several workers, restarts, clocks that jump and an org that is away.
import { beforeEach, describe, expect, it } from 'vitest'
import { addSeconds } from '../../../server/contract/values/instant.ts'
import type { MissionTrigger, MissionVersion } from '../../../server/brain/domain/mission.ts'
import { pollObjects } from '../../../server/brain/triggers/polls.ts'
import { fireSchedules } from '../../../server/brain/triggers/schedules.ts'
import { ids, onEachDatabase } from '../store/databases.ts'
import { freshLead, someMission, someRun } from '../store/fixtures.ts'
import { away, changedAt as record, fakeOrg, refused } from './fake-org.ts'

const START = '2026-02-01T06:30:00.000Z'
const leads = (count: number) => Array.from({ length: count }, freshLead).sort()

onEachDatabase('the clock', (opened) => {
  let now = START
  let org = fakeOrg()
  const setAside: string[] = []
  const errors: unknown[] = []
  let name = ''
  beforeEach(() => {
    now = START
    org = fakeOrg()
    errors.length = 0
    setAside.length = 0
  })

  const deps = (which: 'store' | 'other' = 'store') => ({
    store: opened()[which],
    clock: { now: () => now },
    ids,
    salesforce: org.salesforce,
    onSetAside: ({ change }: { change: string }, reason: string | null) => void setAside.push(`${change}: ${reason}`),
    onError: (error: unknown) => void errors.push(error),
  })
  /** A mission of its own for each test; the others wait no more. */
  async function install(
    trigger: MissionTrigger | MissionTrigger[],
    more: Partial<MissionVersion['definition']['limits']> = {},
  ) {
    const { store } = opened()
    for (const mission of await store.activeMissions())
      await store.transaction((tx) => tx.withdrawMission(mission.name, { userId: '005', at: START, reason: 'over' }))
    const mission = someMission(ids.next(), { perDay: 100_000, ...more })
    name = mission.name
    const definition = { ...mission.definition, trigger: [trigger].flat() }
    const version = { ...mission, activatedAt: START, definition, grant: { ...mission.grant, reads: { Lead: [] } } }
    await store.transaction((tx) => tx.insertMission(version))
  }
  const runs = () => opened().store.runs({ mission: name, limit: 1000 })
  const subjects = async () => (await runs()).map(({ subject }) => subject?.id).sort()

  describe('that a schedule goes by', () => {
    const DAILY: MissionTrigger = {
      schedule: '0 7 * * *',
      zone: 'UTC',
      each: { object: 'Lead', where: "Status = 'Open' OR Rating = 'Hot'" },
    }
    const fire = (which?: 'store' | 'other') => fireSchedules(deps(which))

    it('starts one run for each record at its time, and none before', async () => {
      await install(DAILY)
      org.there = leads(3)
      await fire()
      expect(await runs()).toEqual([])
      now = '2026-02-01T07:00:03.000Z'
      await fire()
      await fire()
      expect(await subjects()).toEqual(org.there)
      expect(org.asked).toEqual([`SELECT Id FROM Lead WHERE (Status = 'Open' OR Rating = 'Hot') ORDER BY Id LIMIT 200`])
      const [run] = await runs()
      expect(run?.trigger).toMatchObject({ kind: 'schedule', launcher: null, at: '2026-02-01T07:00:00.000Z' })
    })

    it('starts each record once when several workers take the same tick', async () => {
      await install(DAILY)
      org.there = leads(5)
      now = '2026-02-01T07:00:03.000Z'
      await Promise.all([fire(), fire('other'), fire(), fire('other')])
      expect(await subjects()).toEqual(org.there)
      expect(errors).toEqual([])
    })

    it('starts a record once that two schedules name for the same time', async () => {
      await install([DAILY, { ...DAILY, schedule: '0 7 1 * *' }])
      org.there = leads(1)
      now = '2026-02-01T07:00:03.000Z'
      await fire()
      const [run, ...more] = await runs()
      expect([run?.retrigger, more]).toEqual([false, []])
    })

    it('starts what days of outage hid once, and not for every day', async () => {
      await install(DAILY)
      org.there = leads(2)
      now = '2026-02-05T12:00:00.000Z'
      await fire()
      expect(await subjects()).toEqual(org.there)
      expect((await runs())[0]?.trigger.at).toBe('2026-02-05T07:00:00.000Z')
    })

    it('goes on at the page where a worker left off while the org was away', async () => {
      await install(DAILY)
      org.there = leads(201)
      now = '2026-02-01T07:00:03.000Z'
      org.answered = () => Promise.resolve((org.refusal = away()))
      await fire()
      expect(await runs()).toHaveLength(200)
      expect(errors).toHaveLength(1)
      org.answered = () => Promise.resolve((org.refusal = null))
      org.refusal = null
      now = '2026-02-01T07:03:00.000Z'
      await fire('other')
      expect(await subjects()).toEqual(org.there)
      expect(org.asked.at(-1)).toContain(`Id > '${org.there[199]}'`)
    })

    it('does not begin again when the clock is set back, and not early when it is set forward', async () => {
      await install(DAILY)
      org.there = leads(1)
      now = '2026-02-01T07:00:03.000Z'
      await fire()
      now = '2026-02-01T06:00:00.000Z'
      await fire()
      now = '2026-02-01T07:00:03.000Z'
      await fire()
      expect(await runs()).toHaveLength(1)
    })

    it('goes by the right clock again after a wrong one was a year ahead', async () => {
      await install(DAILY)
      now = '2027-02-01T07:00:03.000Z'
      await fire()
      org.there = leads(1)
      now = '2026-02-01T06:50:00.000Z'
      await fire('other')
      now = '2026-02-01T07:00:03.000Z'
      await fire()
      expect(await subjects()).toEqual(org.there)
    })

    it('holds what is beyond the limit per day', async () => {
      await install(DAILY, { perDay: 2 })
      org.there = leads(3)
      now = '2026-02-01T07:00:03.000Z'
      await fire()
      const statuses = (await runs()).map(({ status }) => status).sort()
      expect(statuses).toEqual(['held', 'running', 'running'])
    })

    it('is set aside with a sentence when the org refuses its records for good', async () => {
      await install(DAILY)
      now = '2026-02-01T07:00:03.000Z'
      org.refusal = refused('no field Rating')
      await fire()
      await fire()
      expect(setAside).toEqual([`schedule: Salesforce refused the records of “0 7 * * *” of ${name}: no field Rating`])
      org.refusal = null
      org.there = leads(1)
      now = '2026-02-02T07:00:03.000Z'
      await fire()
      expect(await subjects()).toEqual(org.there)
    })

    it('starts one run about no record where none is named', async () => {
      await install({ schedule: '0 7 * * *', zone: 'UTC' })
      now = '2026-02-01T07:00:03.000Z'
      await Promise.all([fire(), fire('other')])
      expect((await runs()).map(({ subject }) => subject)).toEqual([null])
    })
  })

  describe('that a poll goes by', () => {
    const POLL: MissionTrigger = { poll: 'Lead', every: '5m', by: 'SystemModstamp' }
    const poll = (which?: 'store' | 'other') => pollObjects(deps(which))
    const later = (seconds: number) => (now = addSeconds(now, seconds))

    it('starts what changed since its activation, once for each change, and not before its time', async () => {
      await install(POLL)
      const [old, first] = [record('2026-02-01T06:29:59.000Z'), record('2026-02-01T06:31:00.000Z')]
      org.changed = [old, first]
      later(120)
      await Promise.all([poll(), poll('other')])
      expect(await subjects()).toEqual([first.id])
      const second = record('2026-02-01T06:33:00.000Z')
      org.changed.push(second)
      later(60)
      await poll()
      expect(await runs()).toHaveLength(1)
      later(300)
      await poll('other')
      expect(await subjects()).toEqual([first.id, second.id].sort())
      expect(errors).toEqual([])
    })

    it('finds what was committed late, with a time stamp from before', async () => {
      await install(POLL)
      org.changed = [record('2026-02-01T06:50:00.000Z')]
      later(1300)
      await poll()
      const late = record('2026-02-01T06:45:00.000Z')
      org.changed.push(late)
      later(301)
      await poll()
      expect(await subjects()).toContain(late.id)
      expect(await runs()).toHaveLength(2)
    })

    it('reads more than a page of one second, and goes on after a restart where it was', async () => {
      await install(POLL)
      org.changed = Array.from({ length: 8 }, () => record('2026-02-01T06:31:00.000Z'))
      later(120)
      let pages = 0
      org.answered = () => Promise.resolve((org.refusal = (pages += 1) === 2 ? away() : null))
      await poll()
      expect(await runs()).toHaveLength(6)
      org.refusal = null
      org.answered = () => Promise.resolve()
      later(61)
      await poll('other')
      expect(await runs()).toHaveLength(8)
      expect(org.asked.filter((each) => each.endsWith(' '))).toHaveLength(1)
    })

    it('cancels for what was deleted, and starts for it only where that is asked for', async () => {
      await install(POLL)
      const gone = record('2026-02-01T06:31:00.000Z', { isDeleted: true })
      const run = someRun({ mission: name, subject: { object: 'Lead', id: gone.id } })
      await opened().store.transaction(async (tx) => {
        await tx.insertRun(run)
        await tx.linkRecords(run.id, [{ object: 'Lead', id: gone.id }])
      })
      org.changed = [gone]
      later(120)
      await poll()
      expect((await runs()).map(({ status }) => status)).toEqual(['cancelled'])
      await install({ ...POLL, deleted: true })
      await poll()
      expect((await runs()).map(({ trigger }) => trigger.change)).toEqual(['Lead.deleted'])
    })

    it('starts nothing for what the mission wrote itself, and all the same for what another wrote', async () => {
      await install(POLL)
      const at = '2026-02-01T06:31:00.000Z'
      const [own, other] = [record(at, { byWriter: true }), record(at, { byWriter: true })]
      const subject = { object: 'Lead', id: own.id }
      const wrote = someRun({
        mission: name,
        subject,
        status: 'done',
        verdict: 'verified',
        phase: 'commit',
        updatedAt: at,
      })
      await opened().store.transaction(async (tx) => {
        await tx.insertRun(wrote)
        await tx.linkRecords(wrote.id, [subject])
      })
      org.changed = [own, other]
      later(120)
      await poll()
      expect((await runs()).filter(({ id }) => id !== wrote.id).map(({ subject: about }) => about?.id)).toEqual([
        other.id,
      ])
    })

    it('is set aside with a sentence, once, when the org refuses it for good, and asks again when it is due', async () => {
      await install(POLL)
      org.changed = [record('2026-02-01T06:31:00.000Z')]
      org.refusal = refused('no such column')
      for (let n = 0; n < 3; n += 1) await poll(later(301) ? 'store' : 'other')
      expect(setAside).toEqual([`poll: Salesforce refused the poll of Lead for ${name}: no such column`])
      org.refusal = null
      later(301)
      await poll()
      expect(await runs()).toHaveLength(1)
    })

    it('asks again soon after the org was away, however seldom it asks', async () => {
      await install({ ...POLL, every: '24h' })
      org.changed = [record('2026-02-01T06:31:00.000Z')]
      later(120)
      org.refusal = away()
      await poll()
      expect(await runs()).toEqual([])
      org.refusal = null
      later(61)
      await poll()
      expect(await runs()).toHaveLength(1)
    })

    it('does not wait for a time that a wrong clock named', async () => {
      await install(POLL)
      later(86_400)
      await poll()
      now = addSeconds(START, 120)
      org.changed = [record('2026-02-01T06:31:00.000Z')]
      await poll()
      expect(await runs()).toHaveLength(1)
    })
  })
})
