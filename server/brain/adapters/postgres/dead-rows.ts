import type { Pool } from 'pg'

/** Tables of short rows that held keys or a caller's own words: rewritten whole, so that nothing of the old rows stays in their files. */
const REWRITTEN = ['run_key', 'run_trigger']
/** These held only what the destroyed keys covered. */
const SWEPT = ['run', 'decision', 'approval', 'event', 'body']

/**
 * Rewrites what erasing left behind in the database's files. In the embedded database also the write-ahead log, which nobody else
 * reads; a PostgreSQL server keeps its own until it is done with it, and so do backups.
 */
export async function clearDeadRows(pool: Pool, isEmbedded: boolean): Promise<void> {
  for (const table of REWRITTEN) await pool.query(`vacuum full missions.${table}`)
  for (const table of SWEPT) await pool.query(`vacuum ${isEmbedded ? 'full ' : ''}missions.${table}`)
  if (!isEmbedded) return
  // Log segments that are done with are deleted rather than kept for the next use; a checkpoint is what is done with them.
  await pool.query('set wal_recycle = off')
  await pool.query('select pg_switch_wal()')
  await pool.query('checkpoint')
}
