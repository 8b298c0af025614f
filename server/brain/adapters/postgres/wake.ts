import type { Pool, PoolClient } from 'pg'
import { outsideTransaction } from './nesting.ts'
import { CHANNEL, type News } from './news.ts'

const POLL_MS = 1000

export interface Wake {
  onWake(listener: (what: 'event' | 'outbox') => void): () => void
  close(): void
}

/**
 * Tells listeners that rows may be there: by LISTEN, and each second in case a notification was lost. `onErased` is told when keys
 * were destroyed, and, while nobody listens, each second in case some were.
 */
export function openWake(pool: Pool, onErased: () => void): Wake {
  const listeners = new Set<(what: 'event' | 'outbox') => void>()
  let client: PoolClient | null = null
  let connecting = false
  let closed = false
  const tell = (what: 'event' | 'outbox') => {
    for (const listener of listeners) listener(what)
  }

  const hear = (news: News) => (news === 'erased' ? onErased() : tell(news === 'outbox' ? 'outbox' : 'event'))

  const listen = async () => {
    if (client || connecting || closed) return
    connecting = true
    try {
      const fresh = await pool.connect()
      fresh.on('notification', ({ payload }) => hear((payload ?? 'event') as News))
      fresh.on('error', () => {
        client = null
        fresh.release(true)
      })
      await fresh.query(`listen ${CHANNEL}`)
      onErased()
      if (closed) fresh.release(true)
      else client = fresh
    } catch {
      // The database is away: the next tick tries again, and readers see its absence themselves.
    } finally {
      connecting = false
    }
  }

  const timer = setInterval(() => {
    if (!client) onErased()
    void listen()
    tell('event')
    tell('outbox')
  }, POLL_MS)
  outsideTransaction(() => void listen())
  return {
    onWake(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      closed = true
      clearInterval(timer)
      listeners.clear()
      client?.release(true)
      client = null
    },
  }
}
