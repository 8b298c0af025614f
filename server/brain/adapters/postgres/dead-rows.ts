import type { Pool } from 'pg'

/** Tables of short rows that held keys or text of callers: rewritten whole, so that no old row stays in their files. */
const REWRITTEN = ['run_key', 'run_trigger']
/** Tables that held only data under the destroyed keys. */
const SWEPT = ['run', 'decision', 'approval', 'event', 'body']

/**
 * Rewrites the rows that erasing left dead in the database's files. In the embedded database it also drops the write-ahead log,
 * which has no other reader; a PostgreSQL server and its backups keep theirs until they expire.
 */
export async function clearDeadRows(pool: Pool, isEmbedded: boolean): Promise<void> {
  for (const table of REWRITTEN) await pool.query(`vacuum full missions.${table}`)
  for (const table of SWEPT) await pool.query(`vacuum ${isEmbedded ? 'full ' : ''}missions.${table}`)
  if (!isEmbedded) return
  // Finished log segments are deleted instead of reused; a checkpoint finishes them.
  await pool.query('set wal_recycle = off')
  await pool.query('select pg_switch_wal()')
  await pool.query('checkpoint')
}
