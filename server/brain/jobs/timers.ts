// The clock's door: starts what schedules and polls make due.
import { pollObjects, type PollDeps } from '../triggers/polls.ts'
import { fireSchedules, type ScheduleDeps } from '../triggers/schedules.ts'

/** A tick is late by this at most. */
const EVERY_MS = 5_000

/** Looks for due ticks and polls until `close`, one round of each at a time; a round that is under way is given up. */
export function startTimers(deps: ScheduleDeps & PollDeps): { close(): void } {
  let isClosed = false
  const onError = (error: unknown) => void (isClosed || deps.onError(error))
  const begin = [
    oneAtATime(() => fireSchedules({ ...deps, onError }), onError),
    oneAtATime(() => pollObjects({ ...deps, onError }), onError),
  ]
  const beginAll = () => begin.forEach((each) => each())
  beginAll()
  const timer = setInterval(beginAll, EVERY_MS)
  return {
    close() {
      isClosed = true
      clearInterval(timer)
    },
  }
}

function oneAtATime(round: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let isBusy = false
  return () => {
    if (isBusy) return
    isBusy = true
    void round()
      .catch(onError)
      .finally(() => (isBusy = false))
  }
}
