import type { Pool, PoolClient } from 'pg'
import { outsideTransaction } from './nesting.ts'
import { CHANNEL, type Topic } from './notify.ts'

const POLL_MS = 1000

interface Wake {
  onWake(listener: (what: 'event' | 'outbox') => void): () => void
  close(): void
}

/**
 * Wakes listeners when rows may be there: by LISTEN, and each second in case a notification was lost. Calls `onErased` when keys
 * were destroyed, and each second while there is no LISTEN, in case some were.
 */
export function openWake(pool: Pool, onErased: () => void): Wake {
  const listeners = new Set<(what: 'event' | 'outbox') => void>()
  let lent: PoolClient | null = null
  let connecting = false
  let closed = false
  const tell = (what: 'event' | 'outbox') => {
    for (const listener of listeners) listener(what)
  }

  const hear = (news: Topic) => (news === 'erased' ? onErased() : tell(news === 'outbox' ? 'outbox' : 'event'))

  const giveBack = (client: PoolClient) => {
    if (lent !== client) return
    lent = null
    client.release(true)
  }

  const listen = async () => {
    if (lent || connecting || closed) return
    connecting = true
    try {
      const fresh = await pool.connect()
      fresh.on('notification', ({ payload }) => hear((payload ?? 'event') as Topic))
      // A lost connection is reported more than once, and releasing a client twice throws.
      fresh.on('error', () => giveBack(fresh))
      lent = fresh
      await fresh.query(`listen ${CHANNEL}`)
      onErased()
      if (closed) giveBack(fresh)
    } catch {
      // The database is unreachable: the next tick tries again, and readers get their own errors.
      if (lent) giveBack(lent)
    } finally {
      connecting = false
    }
  }

  const timer = setInterval(() => {
    if (!lent) onErased()
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
      if (lent && !connecting) giveBack(lent)
    },
  }
}
