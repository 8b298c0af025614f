import type { Queue } from '../ports/outbox.ts'
import type { Store } from '../ports/store.ts'

interface DispatchDeps {
  store: Store
  queue: Queue
  onError(error: unknown): void
}

const BATCH = 100

/**
 * Moves due outbox rows to the queue: enqueues first, then deletes, so that a crash between the two wakes a run twice instead
 * of never. Only one process takes a row: a job that finds its run busy leaves a new row, so rows enqueued by every process
 * would double each second. One round at a time; a wake-up during a round starts another.
 */
export function dispatchOutbox({ store, queue, onError }: DispatchDeps): { close(): void } {
  let again = false
  let busy = false
  let closed = false

  const round = async () => {
    const due = await store.takeOutbox(BATCH)
    for (const { kind, about } of due) await queue.enqueue({ kind, about })
    await store.finishOutbox(due.map(({ id }) => id))
    if (due.length === BATCH) again = true
  }
  const dispatch = async () => {
    again = true
    if (busy) return
    busy = true
    try {
      while (again && !closed) {
        again = false
        await round()
      }
    } catch (error) {
      if (!closed) onError(error)
    } finally {
      busy = false
    }
  }

  const stop = store.onWake((what) => void (what === 'outbox' && dispatch()))
  void dispatch()
  return {
    close() {
      closed = true
      stop()
    },
  }
}
