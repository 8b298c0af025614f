// The run in focus on the screen, so that the components of one page show the same one.

type Listener = (runId: string) => void

const listeners = new Set<Listener>()
let current: string | null = null

/** Puts a run into focus: every listener gets its id, once per change. */
export function focusRun(runId: string): void {
  if (runId === current) return
  current = runId
  for (const listener of [...listeners]) listener(runId)
}

/** Calls `listener` with the run in focus, now and after each change; returns the function that ends this. */
export function onFocus(listener: Listener): () => void {
  listeners.add(listener)
  if (current) listener(current)
  return () => {
    listeners.delete(listener)
    // Without a component that shows runs the focus is over.
    if (listeners.size === 0) current = null
  }
}
