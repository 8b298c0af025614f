// Which run the person at the screen is looking at, so that the components of one page speak of the same thing.

type Listener = (runId: string) => void

const listeners = new Set<Listener>()
let current: string | null = null

/** Says that somebody turned to something of this run. */
export function lookAt(runId: string): void {
  if (runId === current) return
  current = runId
  for (const listener of [...listeners]) listener(runId)
}

/** Calls `listener` with the run that is looked at, now and after each turn; gives what ends that. */
export function onLook(listener: Listener): () => void {
  listeners.add(listener)
  if (current) listener(current)
  return () => {
    listeners.delete(listener)
    // Where nobody shows runs any more, what was looked at is past.
    if (listeners.size === 0) current = null
  }
}
