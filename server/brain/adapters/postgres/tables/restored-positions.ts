// A database that was restored into another server: its rows bear transaction ids that this server has not reached.
import type { Pool } from 'pg'
import { FLOOR } from './stream.ts'

/** Any fixed number: processes that start together take the same advisory lock. */
const LOCK = 727_002
const TABLES = ['event', 'journal_entry', 'ledger_entry']
const NEXT = 'pg_snapshot_xmax(pg_current_snapshot())'

/**
 * Gives restored rows ids of this server, in their order. Otherwise no reader would get them for months, and no checkpoint would sign
 * what is added, since it comes before what was signed. Does nothing for a database of this server.
 */
export async function takeInRestored(pool: Pool, orgId: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(`select pg_advisory_xact_lock(${LOCK})`)
    const ahead = TABLES.map((table) => `exists (select from missions.${table} where org_id = $1 and xid >= ${NEXT})`)
    const { rows } = await client.query<{ is: boolean }>(`select ${ahead.join(' or ')} as is`, [orgId])
    if (rows[0]?.is) await renumber((text) => client.query(text, [orgId]))
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

/** What the newest checkpoint signed comes before its position, what it did not comes after. Followers of events begin anew. */
async function renumber(query: (text: string) => Promise<unknown>): Promise<void> {
  const newest = `(select max(n) from missions.checkpoint where org_id = $1)`
  const signed = (part: 1 | 2, type: string) =>
    `coalesce((select split_part(position, '.', ${part}) from missions.checkpoint where org_id = $1 and n = ${newest}), '0')::${type}`
  for (const table of ['journal_entry', 'ledger_entry']) {
    await query(`update missions.${table} set xid = case
      when (xid, seq) > (${signed(1, 'xid8')}, ${signed(2, 'bigint')}) then pg_current_xact_id() else '0'::xid8 end
      where org_id = $1`)
  }
  await query(`update missions.checkpoint set position = '1.0' where org_id = $1 and n = ${newest}`)
  await query(`update missions.event set xid = pg_current_xact_id() where org_id = $1`)
  await query(`insert into missions.setting (org_id, key, value)
    select $1, '${FLOOR}', pg_current_xact_id()::text || '.0'
    where exists (select from missions.event where org_id = $1)
    on conflict (org_id, key) do update set value = excluded.value`)
}
