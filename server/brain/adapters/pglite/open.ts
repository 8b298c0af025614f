// The embedded store's database: PGlite in a worker thread behind `pg.Pool` look-alikes, in a folder that this process alone uses.
import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import type { Pool } from 'pg'
import { schemaVersion } from '../postgres/migrate.ts'
import { lockFolder } from '../../../data-folder/lock.ts'
import { ownFolder } from '../../../data-folder/own-folder.ts'
import { startDatabaseThread } from './database-thread.ts'
import { foundDatabase } from './found.ts'
import { EmbeddedPool } from './pool.ts'
import { openSession } from './session.ts'
import { stampFolder } from './stamp.ts'

export interface EmbeddedDatabase {
  pool: Pool
  /** A port for another thread's pool on the same database. */
  connect(): MessagePort
  close(): Promise<void>
}

/** Throws OpenFolder, FolderInUse or ForeignFolder, each with one line that names the remedy. */
export async function openEmbedded({ dataDir, orgId }: { dataDir: string; orgId: string }): Promise<EmbeddedDatabase> {
  ownFolder(dataDir)
  // Everything that this process and its children make in the folder is its owner's alone.
  process.umask(0o077)
  const unlock = lockFolder(dataDir)
  try {
    await stampFolder(dataDir, orgId, await schemaVersion())
    await foundDatabase(join(dataDir, 'postgres'))
    const database = await databaseIn(join(dataDir, 'postgres'))
    return {
      ...database,
      async close() {
        await database.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** A database in memory, for tests. */
export function openInMemory(): Promise<EmbeddedDatabase> {
  return databaseIn(null)
}

/** The pool of a thread that was given a port. */
export function poolOn(port: MessagePort): Pool {
  return new EmbeddedPool(openSession(port)) as unknown as Pool
}

async function databaseIn(folder: string | null): Promise<EmbeddedDatabase> {
  const thread = await startDatabaseThread(folder)
  const pool = poolOn(thread.connect())
  // The queue's statements name no schema; the store's always do. One session serves all.
  await pool.query('set search_path to bullmq')
  return {
    pool,
    connect: () => thread.connect(),
    async close() {
      await thread.close()
      await pool.end()
    },
  }
}
