import pg from 'pg'

export type { Pool } from 'pg'

const COMMON = { connectionTimeoutMillis: 10_000, keepAlive: true } as const

/** A pool on a real PostgreSQL for the store. Errors of sessions, idle or lent, are told, not thrown. */
export function storePool(connectionString: string, onError: (error: Error) => void): pg.Pool {
  return telling(new pg.Pool({ ...COMMON, connectionString, max: 12, statement_timeout: 30_000 }), onError)
}

/** A pool for BullMQ's PostgreSQL backend, whose statements name no schema. */
export function queuePool(connectionString: string, onError: (error: Error) => void): pg.Pool {
  const options = '-c search_path=bullmq'
  return telling(new pg.Pool({ ...COMMON, connectionString, max: 6, options }), onError)
}

/** A session that is lost between two statements has nobody to throw at: without a listener it would end the process. */
function telling(pool: pg.Pool, onError: (error: Error) => void): pg.Pool {
  return pool.on('error', onError).on('connect', (client) => void client.on('error', onError))
}
