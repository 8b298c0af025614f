import pg from 'pg'

export type { Pool } from 'pg'

const COMMON = { connectionTimeoutMillis: 10_000, keepAlive: true } as const

/** A pool on a real PostgreSQL for the store. Errors of idle sessions are told, not thrown. */
export function storePool(connectionString: string, onError: (error: Error) => void): pg.Pool {
  return new pg.Pool({ ...COMMON, connectionString, max: 12, statement_timeout: 30_000 }).on('error', onError)
}

/** A pool for BullMQ's PostgreSQL backend, whose statements name no schema. */
export function queuePool(connectionString: string, onError: (error: Error) => void): pg.Pool {
  const options = '-c search_path=bullmq'
  return new pg.Pool({ ...COMMON, connectionString, max: 6, options }).on('error', onError)
}
