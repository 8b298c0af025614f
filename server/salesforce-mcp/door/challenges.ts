import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { CHALLENGE_MS, challengeTime } from '../../contract/call-token.ts'

/**
 * Challenges that callers sign. Each shows this server's time, so that no caller's clock matters, and is made under a key of this
 * start: a token from before a restart, whose ids are forgotten, answers none of them.
 */
export class Challenges {
  readonly #key = randomBytes(32)
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  next(): string {
    const time = String(this.#now().getTime())
    return `${time}.${this.#mac(time)}`
  }

  /** True for a challenge of this start that is at most five minutes old. */
  isOpen(challenge: string): boolean {
    const time = challengeTime(challenge)
    if (time === null) return false
    const mac = Buffer.from(challenge.slice(challenge.indexOf('.') + 1))
    if (!timingSafeEqual(mac, Buffer.from(this.#mac(String(time))))) return false
    return this.#now().getTime() - time <= CHALLENGE_MS
  }

  #mac(time: string): string {
    return createHmac('sha256', this.#key).update(time).digest('base64url')
  }
}
