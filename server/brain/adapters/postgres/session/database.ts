import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Pool } from 'pg'
import { markTransaction, refuseNestedUse } from './nesting.ts'
import { commitNotifying, type Topic } from './notify.ts'

/** A drizzle view of one session or of the pool. */
export type Db = NodePgDatabase

interface Database {
  /** For single statements outside a transaction. Throws NestedUse inside one. */
  read(): Db
  /**
   * Runs the work in one transaction; a deadlock or serialization failure runs it again, so it must touch nothing but the database.
   * Notifications sent in it arrive when the transaction commits.
   */
  transaction<T>(work: (db: Db, tell: (news: Topic) => void) => Promise<T>): Promise<T>
}

const TRIES = 4
const REPEATABLE = new Set(['40001', '40P01'])

const sqlState = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return sqlState(error.cause)
}

export function openDatabase(pool: Pool): Database {
  const shared = drizzle(pool)

  const once = async <T>(work: (db: Db, tell: (news: Topic) => void) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    const told = new Set<Topic>()
    let broken = false
    try {
      await client.query('begin')
      const result = await markTransaction(() => work(drizzle(client), (news) => told.add(news)))
      await client.query(commitNotifying(told))
      return result
    } catch (error) {
      await client.query('rollback').catch(() => (broken = true))
      throw error
    } finally {
      client.release(broken)
    }
  }

  return {
    read() {
      refuseNestedUse()
      return shared
    },
    async transaction(work) {
      refuseNestedUse()
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(work)
        } catch (error) {
          if (attempt === TRIES || !REPEATABLE.has(sqlState(error) ?? '')) throw error
        }
      }
    },
  }
}
