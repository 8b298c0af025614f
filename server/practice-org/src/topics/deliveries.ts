/** What is told apart in an org's allowances: change and platform events, notifications of PushTopics and of generic channels. */
export type DeliveryKind = 'event' | 'push-topic' | 'generic'

/** Counts the events an org delivers to its subscribers over a rolling day; without a limit it is never spent. */
export class Deliveries {
  private readonly limit: number
  private readonly now: () => number
  private readonly hours = new Map<number, Record<DeliveryKind, number>>()

  constructor(limit: number | undefined, now: () => number) {
    this.limit = limit ?? Infinity
    this.now = now
  }

  add(events: number, kind: DeliveryKind = 'event'): void {
    const hour = this.hour()
    const counts = this.hours.get(hour) ?? { event: 0, 'push-topic': 0, generic: 0 }
    counts[kind] += events
    this.hours.set(hour, counts)
    for (const old of this.hours.keys()) if (old <= hour - HOURS) this.hours.delete(old)
  }

  /** No more are delivered until some of them are a day old. */
  get isSpent(): boolean {
    if (this.limit === Infinity) return false
    return this.within('event') + this.within('push-topic') + this.within('generic') >= this.limit
  }

  /** How many of a kind were delivered within a day. */
  within(kind: DeliveryKind): number {
    const since = this.hour() - HOURS
    const counted = [...this.hours].filter(([hour]) => hour > since)
    return counted.reduce((sum, [, counts]) => sum + counts[kind], 0)
  }

  private hour(): number {
    return Math.floor(this.now() / 3_600_000)
  }
}

const HOURS = 24
