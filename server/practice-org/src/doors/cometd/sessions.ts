import type { Org } from '../../org/org.ts'
import type { Feed } from './deliver.ts'
import type { Answer } from './message.ts'

/** One streaming client: what it listens to and how far it has been told. */
export class CometSession {
  readonly id: string
  readonly userId: string
  lastSeen: number
  /** For how long it may be silent without being forgotten. */
  patienceMs = PATIENCE_MS
  private readonly org: Org
  private readonly feeds = new Map<string, { feed: Feed; cursor: number }>()
  private hasConnected = false
  private waiting: ((messages: Answer[]) => void) | undefined
  private timer: NodeJS.Timeout | undefined

  constructor(org: Org, id: string, userId: string, now: number) {
    this.org = org
    this.id = id
    this.userId = userId
    this.lastSeen = now
  }

  subscribe(channel: string, feed: Feed, after: number): void {
    this.feeds.set(channel, { feed, cursor: after })
  }

  unsubscribe(channel: string): void {
    this.feeds.delete(channel)
  }

  listensTo(channel: string): boolean {
    return this.feeds.has(channel)
  }

  /**
   * Hands over what there is, or waits for it up to `holdMs`; the first connect of a client is answered at once. A second
   * wait ends the first with nothing.
   */
  wait(holdMs: number, done: (messages: Answer[]) => void): void {
    this.release([])
    const messages = this.take()
    const isFirst = !this.hasConnected
    this.hasConnected = true
    if (messages.length > 0 || holdMs === 0 || isFirst) return done(messages)
    this.waiting = done
    this.timer = setTimeout(() => this.release([]), holdMs)
    this.timer.unref()
  }

  /** Called when the org has new events. */
  wake(): void {
    if (!this.waiting) return
    const messages = this.take()
    if (messages.length > 0) this.release(messages)
  }

  release(messages: Answer[]): void {
    const { waiting } = this
    this.waiting = undefined
    clearTimeout(this.timer)
    waiting?.(messages)
  }

  get isWaiting(): boolean {
    return this.waiting !== undefined
  }

  private take(): Answer[] {
    return [...this.feeds].flatMap(([channel, state]) => {
      const latest = this.org.latestReplayId()
      const events = this.org.eventsAfter(state.feed.reads, state.cursor, BATCH)
      state.cursor = events.length === BATCH ? (events.at(-1)?.replayId ?? latest) : latest
      return events.flatMap((event) => {
        const data = state.feed.data(event)
        return data ? [{ channel, clientId: this.id, data }] : []
      })
    })
  }
}

/** A client that has got events has to come again sooner than one that waited for nothing. */
export const [PATIENCE_MS, PATIENCE_AFTER_EVENTS_MS] = [110_000, 40_000]

/** Events of one answer, so that a long replay comes in parts. */
const BATCH = 500
