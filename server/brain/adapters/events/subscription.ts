// Subscribes to the org's change events over the Pub/Sub API; each topic resumes after the last event processed.
import { setTimeout as sleep } from 'node:timers/promises'
import { listenTo, type StreamOptions } from './topic-stream.ts'

interface SubscriptionOptions extends StreamOptions {
  onError(error: unknown): void
}

export interface Subscription {
  /** Listens to exactly these topics, e.g. `/data/LeadChangeEvent`. */
  watch(topics: readonly string[]): void
  close(): void
}

const BACK_OFF_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000]

export function openSubscription(options: SubscriptionOptions): Subscription {
  const watched = new Map<string, AbortController>()
  const drop = (topic: string) => {
    watched.get(topic)?.abort()
    watched.delete(topic)
  }
  return {
    watch(topics) {
      for (const topic of watched.keys()) if (!topics.includes(topic)) drop(topic)
      for (const topic of topics) {
        if (watched.has(topic)) continue
        const stop = new AbortController()
        watched.set(topic, stop)
        void keepListening(options, topic, stop.signal)
      }
    },
    close() {
      for (const topic of [...watched.keys()]) drop(topic)
    },
  }
}

/** Reconnects whenever the stream is lost; the pause grows while no event arrives. */
async function keepListening(options: SubscriptionOptions, topic: string, stopped: AbortSignal): Promise<void> {
  let failures = 0
  const trying = insist(options, stopped)
  while (!stopped.aborted) {
    try {
      await listenTo(options, topic, stopped, { heard: () => (failures = 0), trying })
    } catch (error) {
      if (!stopped.aborted) options.onError(error)
    }
    await pause(failures, stopped)
    failures += 1
  }
}

/** Repeats work until it succeeds: an unreachable store or org must not skip an event. */
function insist({ onError }: SubscriptionOptions, stopped: AbortSignal) {
  return async (work: () => Promise<void>): Promise<void> => {
    for (let failures = 0; !stopped.aborted; failures += 1) {
      try {
        return await work()
      } catch (error) {
        onError(error)
        await pause(failures, stopped)
      }
    }
  }
}

async function pause(failures: number, stopped: AbortSignal): Promise<void> {
  const ms = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)]
  await sleep(ms, undefined, { signal: stopped }).catch(() => {})
}
