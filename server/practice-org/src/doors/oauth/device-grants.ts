import { randomBytes, randomInt } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { Expiring } from './expiring.ts'

const Grant = z.object({
  clientId: z.string(),
  scopes: z.array(z.string()),
  /** Undecided without it. */
  decision: z.enum(['allowed', 'denied']).optional(),
  /** Who allowed it. */
  userId: z.string().optional(),
  /** The next question is early before this moment. */
  notBefore: z.number(),
  intervalMs: z.number(),
})
export type DeviceGrant = z.infer<typeof Grant>

/** What a device is told, and what it tells the person who holds it. */
export interface DeviceCodes {
  deviceCode: string
  userCode: string
}

const LIFETIME_MS = 10 * 60_000
/** How long a device waits between two questions. */
export const POLL_SECONDS = 5
/** No letter that is taken for another, no vowel that would make a word. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ23456789'

/** Devices that wait for a person to enter their code in a browser; good for ten minutes. */
export class DeviceGrants {
  private readonly grants: Expiring<DeviceGrant>
  private readonly userCodes: Expiring<string>
  private readonly now: () => number

  constructor(db: DatabaseSync, now: () => number) {
    this.grants = new Expiring(db, 'device', Grant, LIFETIME_MS, now)
    this.userCodes = new Expiring(db, 'device-code', z.string(), LIFETIME_MS, now)
    this.now = now
  }

  open(clientId: string, scopes: string[]): DeviceCodes {
    const userCode = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
    const deviceCode = randomBytes(48).toString('base64url')
    const intervalMs = POLL_SECONDS * 1000
    this.grants.add(userCode, { clientId, scopes, notBefore: 0, intervalMs })
    this.userCodes.add(deviceCode, userCode)
    return { deviceCode, userCode }
  }

  /** What the person who typed this code decides on; undefined when it is none, or was decided on. */
  waiting(typed: string): { userCode: string; grant: DeviceGrant } | undefined {
    const userCode = typed.toUpperCase().replace(/[\s-]/g, '')
    const grant = this.grants.get(userCode)
    return grant && !grant.decision ? { userCode, grant } : undefined
  }

  decide(userCode: string, decision: { decision: 'allowed'; userId: string } | { decision: 'denied' }): void {
    const grant = this.grants.get(userCode)
    if (grant) this.grants.set(userCode, { ...grant, ...decision })
  }

  /** A question of the device; whoever asks too early has to wait longer from then on. */
  poll(deviceCode: string): { grant: DeviceGrant; isEarly: boolean } | undefined {
    const userCode = this.userCodes.get(deviceCode)
    const grant = userCode === undefined ? undefined : this.grants.get(userCode)
    if (!grant || userCode === undefined) return undefined
    const isEarly = this.now() < grant.notBefore
    const intervalMs = grant.intervalMs + (isEarly ? POLL_SECONDS * 1000 : 0)
    this.grants.set(userCode, { ...grant, intervalMs, notBefore: this.now() + intervalMs })
    return { grant, isEarly }
  }

  /** A code gives one token. */
  end(deviceCode: string): void {
    this.userCodes.delete(deviceCode)
  }
}
