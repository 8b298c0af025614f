// A dump restored into another server: rows bear transaction ids that it has not reached, and must be signed and streamed all the same.
import { expect, it } from 'vitest'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { checkpointKey, clock, ids, onEachDatabase, ORG_ID, type Opened } from './databases.ts'
import { someRun } from './fixtures.ts'

const AHEAD = 3_000_000_000

onEachDatabase('a database from another server', (opened) => {
  const fresh = ({ pool }: Opened): Promise<Store> =>
    openStore({ pool, orgId: ORG_ID, clock, ids, bodyKey: Buffer.alloc(32, 7), checkpointKey })

  /** As this database would look in a server that has counted fewer transactions. */
  async function moveAhead({ pool }: Opened): Promise<void> {
    for (const table of ['event', 'journal_entry', 'ledger_entry'])
      await pool.query(`update missions.${table} set xid = (xid::text::bigint + ${AHEAD})::text::xid8`)
    await pool.query(`update missions.checkpoint set position =
      (split_part(position, '.', 1)::bigint + ${AHEAD}) || '.' || split_part(position, '.', 2)`)
  }

  const start = async (store: Store) => {
    const run = someRun()
    await store.transaction((tx) => tx.insertRun(run))
    return run.id
  }
  const signedRuns = async ({ pool }: Opened) => {
    const rows = await pool.query<{ id: string; n: number }>(
      'select run_id as id, n from missions.checkpoint_head order by n, run_id',
    )
    return rows.rows
  }

  it('signs what was not signed before the backup, and what is added, each once', async () => {
    const before = opened()
    const signed = await start(before.store)
    await before.store.checkpoint()
    const unsigned = await start(before.store)
    await moveAhead(before)
    const store = await fresh(before)
    const added = await start(store)
    await store.checkpoint()
    const heads = await signedRuns(before)
    expect(heads.map(({ id }) => id)).toEqual([signed, ...[unsigned, added].sort()])
    await store.close()
  })

  it('begins anew with followers from before, and leaves no event out for those that begin after', async () => {
    const before = opened()
    const cursor = await before.store.headCursor()
    await moveAhead(before)
    const old = await before.store.headCursor()
    const store = await fresh(before)
    for (const from of [cursor, old]) expect(await store.eventsAfter(from, 10)).toMatchObject({ reset: true })
    const head = await store.headCursor()
    expect((await store.eventsAfter(head, 10)).reset).toBe(false)
    const added = await start(store)
    const { rows } = await store.eventsAfter(head, 10)
    expect(rows.map(({ runId }) => runId)).toEqual([added])
    await store.close()
  })

  it('is left alone when it is of this server', async () => {
    const before = opened()
    const xids = async () => (await before.pool.query('select xid::text from missions.event order by seq')).rows
    const was = await xids()
    await (await fresh(before)).close()
    expect(await xids()).toEqual(was)
  })
})
