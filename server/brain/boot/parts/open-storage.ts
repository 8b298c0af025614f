import { openEmbedded } from '../../adapters/pglite/open.ts'
import { queuePool, storePool, type Pool } from '../../adapters/postgres/session/pools.ts'
import { openStore } from '../../adapters/postgres/store.ts'
import { openQueue, type OpenQueue, type QueueBackend } from '../../adapters/queue/bull.ts'
import type { BrainSettings } from '../../../settings/brain-settings.ts'
import type { Clock, Ids } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'

export interface StorageDeps {
  clock: Clock
  ids: Ids
  onError(error: unknown): void
}

export interface Storage {
  store: Store
  queue: OpenQueue
  close(): Promise<void>
}

interface Pools {
  store: Pool
  queue: Pool
  /** True when no other process can be at work on this database. */
  alone: boolean
  close(): Promise<void>
}

/** Jobs one process works on at a time: runs mostly wait for Salesforce. */
const CONCURRENCY = 8

/** Store and queue as the settings ask: PostgreSQL or embedded, Redis or the same database. */
export async function openStorage(config: BrainSettings, deps: StorageDeps): Promise<Storage> {
  const pools = await openPools(config, deps)
  try {
    const { orgId, bodyKey, checkpointKey, redisUrl } = config
    const { clock, ids } = deps
    const store = await openStore({
      pool: pools.store,
      orgId,
      bodyKey,
      checkpointKey,
      clock,
      ids,
      isEmbedded: pools.alone,
    })
    if (pools.alone) await store.releaseAll()
    const backend: QueueBackend = redisUrl ? { kind: 'redis', url: redisUrl } : { kind: 'postgres', pool: pools.queue }
    const queue = await openQueue({ backend, concurrency: CONCURRENCY, onError: deps.onError })
    return {
      store,
      queue,
      async close() {
        await queue.close()
        await store.close()
        await pools.close()
      },
    }
  } catch (error) {
    await pools.close()
    throw error
  }
}

async function openPools({ databaseUrl, dataDir, orgId }: BrainSettings, { onError }: StorageDeps): Promise<Pools> {
  if (databaseUrl === null) {
    const { pool, close } = await openEmbedded({ dataDir, orgId })
    return { store: pool, queue: pool, alone: true, close }
  }
  const [store, queue] = [storePool(databaseUrl, onError), queuePool(databaseUrl, onError)]
  return {
    store,
    queue,
    alone: false,
    close: async () => void (await Promise.all([store.end(), queue.end()])),
  }
}
