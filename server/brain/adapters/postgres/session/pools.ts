import pg from 'pg'

export type { Pool } from 'pg'

const COMMON = { connectionTimeoutMillis: 10_000, keepAlive: true } as const

/**
 * Milliseconds after which the database ends a session that stands still in a transaction, or a statement that waits for a lock:
 * a paused worker must not stop the stream, the checkpoints and other workers, who wait for the oldest transaction.
 */
const STANDSTILL_MS = 15_000

/** Opens a pool on a PostgreSQL server for the store. Errors of sessions are reported to `onError`, not thrown. */
export function storePool(
  connectionString: string,
  onError: (error: Error) => void,
  standstillMs: number = STANDSTILL_MS,
): pg.Pool {
  const limits = {
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: standstillMs,
    lock_timeout: standstillMs,
  }
  return telling(new pg.Pool({ ...COMMON, ...limits, connectionString, max: 12 }), onError)
}

/** A pool for BullMQ's PostgreSQL backend, whose statements name no schema. */
export function queuePool(connectionString: string, onError: (error: Error) => void): pg.Pool {
  const options = '-c search_path=bullmq'
  return telling(new pg.Pool({ ...COMMON, connectionString, max: 6, options }), onError)
}

/** A session lost between two statements has no caller to throw to: without a listener its error ends the process. */
function telling(pool: pg.Pool, onError: (error: Error) => void): pg.Pool {
  return pool.on('error', onError).on('connect', (client) => void client.on('error', onError))
}
