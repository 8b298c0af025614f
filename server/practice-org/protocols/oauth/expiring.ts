/** More than a person's browsers ever hold at a time; the oldest go first. */
const MOST = 10_000

/** Values that are forgotten some time after they were added. */
export class Expiring<T> {
  private readonly entries = new Map<string, { value: T; until: number }>()
  private readonly lifetimeMs: number
  private readonly now: () => number

  constructor(lifetimeMs: number, now: () => number) {
    this.lifetimeMs = lifetimeMs
    this.now = now
  }

  /** Returns the key. */
  add(key: string, value: T): string {
    for (const [oldest, { until }] of this.entries) {
      if (until > this.now() && this.entries.size < MOST) break
      this.entries.delete(oldest)
    }
    this.entries.set(key, { value, until: this.now() + this.lifetimeMs })
    return key
  }

  get(key: string): T | undefined {
    const entry = this.entries.get(key)
    return entry && entry.until > this.now() ? entry.value : undefined
  }

  /** Changes what is there, for as long as it had. */
  set(key: string, value: T): void {
    const entry = this.entries.get(key)
    if (entry) entry.value = value
  }

  delete(key: string): void {
    this.entries.delete(key)
  }
}
