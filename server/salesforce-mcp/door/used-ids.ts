const SWEEP_MS = 10_000
/** A minute of calls at the limits of all tools together, and as many again. */
const MOST = 200_000

/** Ids of tokens until the tokens end. */
export class UsedIds {
  readonly #until = new Map<string, number>()
  readonly #most: number
  #swept = 0

  constructor(most = MOST) {
    this.#most = most
  }

  /** Keeps the id until `until`. `used`: it is kept already; `full`: as many as can be kept are, so that none is forgotten too early. */
  take(id: string, until: number, now: number): 'new' | 'used' | 'full' {
    if (this.#until.has(id)) return 'used'
    if (now - this.#swept >= SWEEP_MS || this.#until.size >= this.#most) this.#sweep(now)
    if (this.#until.size >= this.#most) return 'full'
    this.#until.set(id, until)
    return 'new'
  }

  get size(): number {
    return this.#until.size
  }

  #sweep(now: number): void {
    this.#swept = now
    for (const [id, until] of this.#until) if (until < now) this.#until.delete(id)
  }
}
