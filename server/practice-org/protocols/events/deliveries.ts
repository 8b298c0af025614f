/** Counts the events an org delivers to its subscribers over a rolling day; without a limit it is never spent. */
export class Deliveries {
  private readonly limit: number
  private readonly now: () => number
  private readonly hours = new Map<number, number>()

  constructor(limit: number | undefined, now: () => number) {
    this.limit = limit ?? Infinity
    this.now = now
  }

  add(events: number): void {
    const hour = this.hour()
    this.hours.set(hour, (this.hours.get(hour) ?? 0) + events)
    for (const old of this.hours.keys()) if (old <= hour - HOURS) this.hours.delete(old)
  }

  /** No more are delivered until some of them are a day old. */
  get isSpent(): boolean {
    if (this.limit === Infinity) return false
    const since = this.hour() - HOURS
    const counted = [...this.hours].filter(([hour]) => hour > since).map(([, count]) => count)
    return counted.reduce((sum, count) => sum + count, 0) >= this.limit
  }

  private hour(): number {
    return Math.floor(this.now() / 3_600_000)
  }
}

const HOURS = 24
