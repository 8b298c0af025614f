import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { storePool, type Pool } from '../../../server/brain/adapters/postgres/session/pools.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import { sortableIds } from '../../../server/brain/adapters/ids.ts'
import { systemClock } from '../../../server/brain/adapters/clock.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { startPostgres } from '../../support/postgres.ts'

export const ORG_ID = '00D000000000001EAA'
export const ids = sortableIds(systemClock)
export const clock = systemClock
export const { privateKey: checkpointKey, publicKey: checkpointPublicKey } = generateKeyPairSync('ed25519')

/** What a suite runs against. */
export interface Opened {
  pool: Pool
  store: Store
  /** Another process's store on the same database; the same one on the embedded database, which has one process only. */
  other: Store
}

interface Database {
  pool: Pool
  close(): Promise<void>
}

async function embedded(): Promise<Database> {
  return openInMemory()
}

async function real(): Promise<Database | null> {
  const server = await startPostgres()
  if (!server) return null
  const pool = storePool(server.url, () => {})
  return {
    pool,
    async close() {
      await pool.end()
      await server.stop()
    },
  }
}

const DATABASES: Record<string, () => Promise<Database | null>> = { PGlite: embedded, PostgreSQL: real }

/** Runs the same suite on each database; one that cannot be had skips its tests. */
export function onEachDatabase(
  title: string,
  suite: (opened: () => Opened) => void,
  names: readonly string[] = Object.keys(DATABASES),
): void {
  describe.each(names)(`${title} (%s)`, (name) => {
    let database: Database | null = null
    let opened: Opened | null = null
    beforeAll(async () => {
      database = (await DATABASES[name]?.()) ?? null
      if (!database) return
      const options = { pool: database.pool, orgId: ORG_ID, clock, ids, bodyKey: Buffer.alloc(32, 7), checkpointKey }
      const store = await openStore(options)
      const other = name === 'PGlite' ? store : await openStore(options)
      opened = { pool: database.pool, store, other }
    })
    afterAll(async () => {
      await opened?.store.close()
      await opened?.other.close()
      await database?.close()
    })
    suite(() => {
      if (!opened) throw new Error(`no ${name}`)
      return opened
    })
  })
}

export const someKey = () => randomBytes(32)
