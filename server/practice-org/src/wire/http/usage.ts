import type { RequestHandler } from 'express'
import { refusal } from './errors.ts'

/** Counts the API calls that cost an integration its daily allowance, per client string and user. */
export class Usage {
  readonly limit: number
  private readonly enforced: boolean
  /** Milliseconds spent on answering API calls, faults' delays left out. */
  busyMs = 0
  private readonly counts = new Map<string, CallCount>()

  /** @param enforced refuse calls beyond the limit, instead of only telling how many there were */
  constructor(limit: number, enforced: boolean) {
    this.limit = limit
    this.enforced = enforced
  }

  /** Adds `calls` for one HTTP request: a composite is one, a batch counts its sub-requests. Throws OrgError when the day's allowance is used up. */
  add(who: { client?: string; username: string; api: string }, calls = 1): void {
    if (this.enforced && this.total >= this.limit) throw refusal.limit()
    const client = who.client ?? ''
    const key = JSON.stringify([client, who.username, who.api])
    const row = this.counts.get(key) ?? { client, username: who.username, api: who.api, count: 0 }
    row.count += calls
    this.counts.set(key, row)
  }

  rows(): CallCount[] {
    return [...this.counts.values()].map((row) => ({ ...row }))
  }

  get total(): number {
    return this.rows().reduce((sum, row) => sum + row.count, 0)
  }

  /** Value of `Sforce-Limit-Info`. */
  get limitInfo(): string {
    return `api-usage=${this.total}/${this.limit}`
  }

  clear(): void {
    this.counts.clear()
    this.busyMs = 0
  }
}

export interface CallCount {
  client: string
  username: string
  api: string
  count: number
}

/** Adds what each call takes from here until its answer is handed to the system. */
export function measureBusy(usage: Usage): RequestHandler {
  return (_req, res, next) => {
    const start = performance.now()
    res.once('close', () => (usage.busyMs += performance.now() - start))
    next()
  }
}
