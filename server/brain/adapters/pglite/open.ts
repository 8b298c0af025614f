// The embedded store's database: PGlite in a worker thread behind a `pg.Pool` look-alike, in a folder that this process alone uses.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { schemaVersion } from '../postgres/migrate.ts'
import { lockFolder } from '../../../data-folder/lock.ts'
import { foundDatabase } from './found.ts'
import { EmbeddedPool } from './pool.ts'
import { openSession } from './session.ts'
import { stampFolder } from './stamp.ts'

interface EmbeddedDatabase {
  pool: Pool
  close(): Promise<void>
}

/** Throws FolderInUse or ForeignFolder, each with one line that names the remedy. */
export async function openEmbedded({ dataDir, orgId }: { dataDir: string; orgId: string }): Promise<EmbeddedDatabase> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(dataDir)
  try {
    await stampFolder(dataDir, orgId, await schemaVersion())
    await foundDatabase(join(dataDir, 'postgres'))
    const pool = await poolOn(join(dataDir, 'postgres'))
    return {
      pool: pool as unknown as Pool,
      async close() {
        await pool.end()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** A database in memory, for tests. */
export async function openInMemory(): Promise<EmbeddedDatabase> {
  const pool = await poolOn(null)
  return { pool: pool as unknown as Pool, close: () => pool.end() }
}

async function poolOn(folder: string | null): Promise<EmbeddedPool> {
  const session = await openSession(folder)
  // The queue's statements name no schema; the store's always do. One session serves both.
  await session.query('set search_path to bullmq', null)
  return new EmbeddedPool(session)
}
