// Reads the event table once for all streams, and passes its rows to every open connection in order.
import type { Store } from '../../ports/store.ts'
import { SWITCH } from '../../domain/switch.ts'
import type { StreamRow } from '../../ports/stream.ts'
import type { EventFeed, FeedListener } from '../requests/feed.ts'
import { sharedRows } from './shared-row.ts'

const PAGE = 500
/** Poll interval, in case a notification was lost. */
const LOOK_AGAIN_MS = 1_000
const HEARTBEAT_MS = 5_000

/** Reads only while somebody listens. `onError` is told when the store cannot be read; the next look tries again. */
export function eventFeed(store: Store, onError: (error: unknown) => void): EventFeed {
  const listeners = new Set<FeedListener>()
  let cursor: string | null = null
  let stopListening: (() => void) | null = null
  let timers: NodeJS.Timeout[] = []
  let reading: Promise<void> | null = null
  let again = false

  async function read(): Promise<void> {
    for (;;) {
      if (cursor === null) return
      const from: string = cursor
      const page = await store.eventsAfter(from, PAGE)
      if (cursor !== from) continue
      cursor = page.cursor
      if (page.reset) listeners.forEach((listener) => listener.reset())
      else if (page.rows.length > 0) hand(page.rows)
      if (page.rows.length < PAGE && !again) return
      again = false
    }
  }

  function hand(rows: readonly StreamRow[]): void {
    const shared = sharedRows(rows)
    listeners.forEach((listener) => listener.rows(shared))
  }

  function look(): void {
    if (reading) {
      again = true
      return
    }
    reading = read()
      .catch(onError)
      .finally(() => {
        reading = null
        again = false
      })
  }

  const stop = (): void => [...listeners].forEach((listener) => listener.stopped())

  async function lookAtSwitch(): Promise<void> {
    if ((await store.setting(SWITCH.reads)) === 'stopped') stop()
  }

  function begin(): void {
    stopListening = store.onWake((what) => what === 'event' && look())
    const beat = setInterval(() => listeners.forEach((listener) => listener.heartbeat()), HEARTBEAT_MS)
    const lookAgain = () => (look(), void lookAtSwitch().catch(onError))
    timers = [setInterval(lookAgain, LOOK_AGAIN_MS).unref(), beat.unref()]
  }

  function end(): void {
    stopListening?.()
    stopListening = null
    timers.forEach(clearInterval)
    timers = []
    cursor = null
  }

  return {
    async join(listener) {
      listeners.add(listener)
      if (!stopListening) begin()
      if (cursor === null) {
        const head = await store.headCursor()
        cursor ??= head
      }
      return cursor
    },
    leave(listener) {
      if (listeners.delete(listener) && listeners.size === 0) end()
    },
    stop,
    get size() {
      return listeners.size
    },
  }
}
