import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storePool, type Pool } from '../../../server/brain/adapters/postgres/session/pools.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { hasPostgres, startPostgres, type PostgresServer } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { checkpointKey, clock, ids, ORG_ID } from './databases.ts'

describe.runIf(hasPostgres())('sessions that the database ends', () => {
  let server: PostgresServer | null = null
  let pool: Pool
  let store: Store
  const told: string[] = []

  beforeAll(async () => {
    server = await startPostgres()
    pool = storePool(server?.url ?? '', ({ message }) => told.push(message))
    store = await openStore({ pool, orgId: ORG_ID, clock, ids, bodyKey: Buffer.alloc(32, 7), checkpointKey })
  })
  afterAll(async () => {
    await store.close()
    await pool.end()
    await server?.stop()
  })

  const endAll = async () => {
    const client = new pg.Client(server?.url)
    await client.connect()
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    await client.end()
  }

  it('fail the transaction they were in, and nothing else: the next one stands, and wake-ups come again', async () => {
    const broken = store.transaction(async (tx) => {
      await tx.setSetting('half', 'yes')
      const before = told.length
      await endAll()
      await until('the loss is told', () => Promise.resolve(told.length > before))
      await tx.setSetting('other half', 'yes')
    })
    await expect(broken).rejects.toThrow()
    expect(await store.setting('half')).toBeNull()
    await store.transaction((tx) => tx.setSetting('whole', 'yes'))
    expect(await store.setting('whole')).toBe('yes')
    let wakes = 0
    const stop = store.onWake((what) => void (what === 'outbox' && (wakes += 1)))
    await store.transaction((tx) => tx.addOutbox({ kind: 'advance-run', about: 'nobody', dueInSeconds: 0 }))
    await until('a wake-up', () => Promise.resolve(wakes > 0))
    stop()
  })

  it('are those of a worker that stands still in a transaction: what it did is undone, and nobody waits for it', async () => {
    const ended: string[] = []
    const impatient = storePool(server?.url ?? '', ({ message }) => ended.push(message), 300)
    const paused = await impatient.connect()
    await paused.query('begin')
    await paused.query("insert into missions.setting (org_id, key, value) values ($1, 'paused', 'yes')", [ORG_ID])
    await until('the session is ended', () => Promise.resolve(ended.length > 0))
    expect(ended.join()).toContain('idle-in-transaction')
    await store.transaction((tx) => tx.setSetting('paused', 'no'))
    expect(await store.setting('paused')).toBe('no')
    paused.release(true)
    await impatient.end()
  })

  it('end a statement that waits for a lock for too long', async () => {
    const impatient = storePool(server?.url ?? '', () => undefined, 300)
    const holder = new pg.Client(server?.url)
    await holder.connect()
    await holder.query('begin')
    await holder.query('lock table missions.setting in exclusive mode')
    const waiting = impatient.query("update missions.setting set value = 'x' where key = 'paused'")
    await expect(waiting).rejects.toThrow('lock timeout')
    await holder.end()
    await impatient.end()
  })
})
