import { oauthRefusal } from '../../wire/sessions/oauth-error.ts'

const HOUR_MS = 3_600_000
/** An org lets a user log in 3,600 times an hour. */
export const LOGINS_PER_HOUR = 3_600

/** Counts the logins of each user by the clock hour. */
export class LoginRate {
  private readonly perHour: number
  private readonly now: () => number
  private hour = 0
  private readonly counts = new Map<string, number>()

  constructor(perHour: number, now: () => number) {
    this.perHour = perHour
    this.now = now
  }

  /** Throws OAuthError rate_limit_exceeded. */
  add(userId: string): void {
    const hour = Math.floor(this.now() / HOUR_MS)
    if (hour !== this.hour) this.counts.clear()
    this.hour = hour
    const count = (this.counts.get(userId) ?? 0) + 1
    if (count > this.perHour) throw oauthRefusal.tooManyLogins()
    this.counts.set(userId, count)
  }
}
