// What one process decides about a run while another one moves it on: real PostgreSQL alone has two at once.
import { beforeAll, expect, it } from 'vitest'
import { outsideTransaction } from '../../../server/brain/adapters/postgres/session/nesting.ts'
import type { Store, Tx } from '../../../server/brain/ports/store.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import { startRun, startRunWithin } from '../../../server/brain/runs/start-run.ts'
import { steerRun } from '../../../server/brain/runs/steer-run.ts'
import { until } from '../../support/until.ts'
import { clock, ids, onEachDatabase } from './databases.ts'
import { freshLead, someMission, someRun } from './fixtures.ts'

onEachDatabase(
  'a run that another process moves on at this moment',
  (opened) => {
    const triggerAbout = (record: string) => {
      const { trigger } = someRun()
      return { ...trigger, subject: { object: 'Lead', id: record }, idempotencyKey: ids.next() }
    }
    const start = (store: Store, record: string) =>
      startRun({ store, clock, ids }, { mission: 'tidy', trigger: triggerAbout(record) })

    /** The transaction, with something done elsewhere right after it has found the open run. */
    function onceFound(tx: Tx, elsewhere: (run: Run) => Promise<unknown>): Tx {
      return {
        ...tx,
        async openRunAbout(mission, record) {
          const run = await tx.openRunAbout(mission, record)
          if (run) await outsideTransaction(() => elsewhere(run))
          return run
        },
      }
    }

    const somebodyWaits = async () => {
      const { rows } = await opened().pool.query('select 1 from pg_locks where not granted')
      return rows.length > 0
    }

    beforeAll(async () => opened().store.transaction((tx) => tx.insertMission(someMission('tidy'))))

    it('is not joined by a trigger when it has just ended: that starts a run of its own', async () => {
      const { store, other } = opened()
      const record = freshLead()
      const first = await start(store, record)
      const end = (run: Run) =>
        other.transaction((tx) => tx.updateRun(run.id, { status: 'done', verdict: 'nothing to do' }))
      const trigger = triggerAbout(record)
      const started = await store.transaction((tx) =>
        startRunWithin({ clock, ids }, onceFound(tx, end), { mission: 'tidy', trigger }),
      )
      expect(started).toEqual({ runId: expect.not.stringMatching(first.runId) as string, created: true })
      expect(await store.run(first.runId)).toMatchObject({ status: 'done', retrigger: false })
    })

    it('is not looked at again because another process heard the same trigger and started it', async () => {
      const { store, other } = opened()
      const request = { mission: 'tidy', trigger: triggerAbout(freshLead()) }
      let first: string | undefined
      const started = await store.transaction((tx) =>
        startRunWithin(
          { clock, ids },
          {
            ...tx,
            async runOfTrigger(key) {
              const known = await tx.runOfTrigger(key)
              first ??= await outsideTransaction(
                async () => (await startRun({ store: other, clock, ids }, request)).runId,
              )
              return known
            },
          },
          request,
        ),
      )
      expect(started).toEqual({ runId: first, created: false })
      expect(await store.run(first!)).toMatchObject({ retrigger: false })
    })

    it('is within its mission’s limit per day, however many are started at the same moment', async () => {
      const { store, other } = opened()
      await store.transaction((tx) => tx.insertMission(someMission('few', { perDay: 3 })))
      const request = () => ({ mission: 'few', trigger: triggerAbout(freshLead()) })
      const stores = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? store : other))
      await Promise.all(stores.map((each) => startRun({ store: each, clock, ids }, request())))
      const statuses = (await store.runs({ mission: 'few', limit: 20 })).map(({ status }) => status)
      expect(statuses.filter((status) => status === 'running')).toHaveLength(3)
      expect(statuses.filter((status) => status === 'held')).toHaveLength(7)
    })

    it('is not cancelled when it is just beginning to write', async () => {
      const { store, other } = opened()
      const { runId } = await start(store, freshLead())
      const [begun, seen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const beginning = other.transaction(async (tx) => {
        await tx.updateRun(runId, { phase: 'commit' })
        begun.resolve()
        await seen.promise
      })
      await begun.promise
      const cancelling = expect(steerRun({ store }, 'cancel', runId)).rejects.toThrow('begun to write')
      await until('the person waits for the worker', somebodyWaits)
      seen.resolve()
      await Promise.all([beginning, cancelling])
      expect(await store.run(runId)).toMatchObject({ status: 'running', phase: 'commit' })
    })
  },
  ['PostgreSQL'],
)
