/** So long a refusal counts for a streak. */
const WINDOW_MS = 10 * 60_000
const LOCKED_MS = 5 * 60_000
/** Users whose refusals are kept at most; the longest unseen are forgotten first. */
const MOST_USERS = 10_000

interface AtRoute {
  /** Times of the refusals that count, oldest first. */
  refusals: number[]
  lockedUntil: number
}

/**
 * Refusals of each user that no answers at the same route made up for, in this process: each answer takes one away. A streak is the
 * sum over the user's routes, so that trying many of them is one as well.
 */
export class RefusalStreaks {
  readonly #now: () => number
  readonly #longest: number
  readonly #users = new Map<string, Map<string, AtRoute>>()

  constructor(now: () => number, longest: number) {
    this.#now = now
    this.#longest = longest
  }

  /** Returns the routes of a streak that is complete: they are closed to the user for five minutes. Null before. */
  refused(userId: string, route: string): string[] | null {
    const now = this.#now()
    const routes = this.#recent(userId, now)
    const { refusals, lockedUntil } = routes.get(route) ?? { refusals: [], lockedUntil: 0 }
    routes.set(route, { refusals: [...refusals, now], lockedUntil })
    const sum = [...routes.values()].reduce((total, each) => total + each.refusals.length, 0)
    if (sum < this.#longest) return null
    const probed = [...routes].filter(([, each]) => each.refusals.length > 0).map(([name]) => name)
    for (const name of probed) routes.set(name, { refusals: [], lockedUntil: now + LOCKED_MS })
    return probed
  }

  answered(userId: string, route: string): void {
    this.#users.get(userId)?.get(route)?.refusals.shift()
  }

  isLocked(userId: string, route: string): boolean {
    return (this.#users.get(userId)?.get(route)?.lockedUntil ?? 0) > this.#now()
  }

  /** The user's routes, without what counts no more; the user becomes the latest seen. */
  #recent(userId: string, now: number): Map<string, AtRoute> {
    const routes = this.#users.get(userId) ?? new Map<string, AtRoute>()
    for (const [name, { refusals, lockedUntil }] of routes) {
      const left = refusals.filter((time) => now - time <= WINDOW_MS)
      if (left.length > 0 || lockedUntil > now) routes.set(name, { refusals: left, lockedUntil })
      else routes.delete(name)
    }
    this.#users.delete(userId)
    this.#users.set(userId, routes)
    const [oldest] = this.#users.keys()
    if (this.#users.size > MOST_USERS && oldest !== undefined) this.#users.delete(oldest)
    return routes
  }
}
