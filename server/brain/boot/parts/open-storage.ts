import type { MessagePort } from 'node:worker_threads'
import { openEmbedded, poolOn } from '../../adapters/pglite/open.ts'
import { queuePool, storePool, type Pool } from '../../adapters/postgres/session/pools.ts'
import { openStore } from '../../adapters/postgres/store.ts'
import type { BrainSettings } from '../../../settings/brain-settings.ts'
import { followDatabase, type SettableClock } from '../../adapters/clock.ts'
import type { Ids } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'

export interface StorageDeps {
  /** Follows the database's from now on. */
  clock: SettableClock
  ids: Ids
  onError(error: unknown): void
}

export type StorageSettings = Pick<BrainSettings, 'databaseUrl' | 'dataDir' | 'orgId' | 'bodyKey' | 'checkpointKey'>

export interface Storage {
  store: Store
  /** For the queue's statements, which name no schema. */
  queuePool(): Pool
  /** A port to the embedded database for another thread; null with a PostgreSQL server. */
  connect: (() => MessagePort) | null
  close(): Promise<void>
}

interface Pools {
  store: Pool
  queue(): Pool
  isEmbedded: boolean
  connect: (() => MessagePort) | null
  close(): Promise<unknown>
}

/**
 * Opens the store that the settings ask for: on a PostgreSQL server, or embedded. `port` leads to the embedded database of
 * another thread; without it this thread opens the data folder, and no other process can be at work on it.
 */
export async function openStorage(
  config: StorageSettings,
  deps: StorageDeps,
  port: MessagePort | null = null,
): Promise<Storage> {
  const pools = port ? sharedPools(port) : await openPools(config, deps)
  let stopFollowing = (): void => {}
  try {
    const { orgId, bodyKey, checkpointKey } = config
    const { clock, ids } = deps
    const { isEmbedded } = pools
    stopFollowing = await followDatabase(clock, pools.store, deps.onError)
    const store = await openStore({ pool: pools.store, orgId, bodyKey, checkpointKey, clock, ids, isEmbedded })
    if (isEmbedded && !port) await store.releaseAll()
    return {
      store,
      queuePool: pools.queue,
      connect: pools.connect,
      async close() {
        stopFollowing()
        await store.close()
        await pools.close()
      },
    }
  } catch (error) {
    stopFollowing()
    await pools.close()
    throw error
  }
}

function sharedPools(port: MessagePort): Pools {
  const pool = poolOn(port)
  return { store: pool, queue: () => pool, isEmbedded: true, connect: null, close: () => pool.end() }
}

async function openPools({ databaseUrl, dataDir, orgId }: StorageSettings, { onError }: StorageDeps): Promise<Pools> {
  if (databaseUrl === null) {
    const { pool, connect, close } = await openEmbedded({ dataDir, orgId })
    return { store: pool, queue: () => pool, isEmbedded: true, connect, close }
  }
  const store = storePool(databaseUrl, onError)
  const opened = [store]
  return {
    store,
    queue() {
      const pool = queuePool(databaseUrl, onError)
      opened.push(pool)
      return pool
    },
    isEmbedded: false,
    connect: null,
    close: () => Promise.all(opened.map((pool) => pool.end())),
  }
}
