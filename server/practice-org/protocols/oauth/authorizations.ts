import { createHash, randomBytes } from 'node:crypto'
import { Expiring } from './expiring.ts'

/** What a client asked a person for, checked. */
export interface AuthorizeRequest {
  clientId: string
  redirectUri: string
  responseType: 'code' | 'token' | 'token id_token'
  scopes: string[]
  state?: string
  challenge?: string
  nonce?: string
  loginHint?: string
  /** The person must sign in again, or approve again. */
  prompt: ('login' | 'consent')[]
}

/** What a code stands for. */
export interface CodeGrant {
  clientId: string
  redirectUri: string
  userId: string
  scopes: string[]
  challenge?: string
  nonce?: string
}

/** An org's codes are good for 15 minutes. */
const CODE_MS = 15 * 60_000
const REQUEST_MS = 30 * 60_000
const LOGIN_MS = 2 * 3_600_000

/**
 * The browser's side of authorization, in memory: requests that wait for a person, who is signed in in which browser,
 * what was approved, and codes not yet turned into tokens.
 */
export class Authorizations {
  private readonly requests: Expiring<AuthorizeRequest>
  private readonly logins: Expiring<{ userId: string; at: number }>
  private readonly codes: Expiring<CodeGrant & { usableUntil: number }>
  private readonly approved = new Map<string, Set<string>>()
  private readonly now: () => number

  constructor(now: () => number) {
    this.now = now
    this.requests = new Expiring(REQUEST_MS, now)
    this.logins = new Expiring(LOGIN_MS, now)
    // Kept for longer than they are good, to tell an expired code from one that never was.
    this.codes = new Expiring(2 * CODE_MS, now)
  }

  /** Keeps a request until a person has decided. Returns what its pages are addressed by. */
  ask(request: AuthorizeRequest): string {
    return this.requests.add(random(), request)
  }

  asked(source: string): AuthorizeRequest | undefined {
    return this.requests.get(source)
  }

  decided(source: string): void {
    this.requests.delete(source)
  }

  /** A browser's session, for its cookie. */
  signIn(userId: string): string {
    return this.logins.add(random(), { userId, at: this.now() })
  }

  signedIn(cookie: string): { userId: string; at: number } | undefined {
    return this.logins.get(cookie)
  }

  approve(clientId: string, userId: string, scopes: string[]): void {
    const key = JSON.stringify([clientId, userId])
    this.approved.set(key, new Set([...(this.approved.get(key) ?? []), ...scopes]))
  }

  isApproved(clientId: string, userId: string, scopes: string[]): boolean {
    const given = this.approved.get(JSON.stringify([clientId, userId]))
    return given !== undefined && scopes.every((scope) => given.has(scope))
  }

  /** A code for a token, once. */
  giveCode(grant: CodeGrant): string {
    const code = `aPrx${random()}`
    this.codes.add(hash(code), { ...grant, usableUntil: this.now() + CODE_MS })
    return code
  }

  /** What a code stands for, undefined when it never was; not good when it was used or is too old. */
  takeCode(code: string): (CodeGrant & { isGood: boolean }) | undefined {
    const key = hash(code)
    const found = this.codes.get(key)
    if (!found) return undefined
    this.codes.set(key, { ...found, usableUntil: 0 })
    return { ...found, isGood: this.now() < found.usableUntil }
  }
}

function random(): string {
  return randomBytes(32).toString('base64url')
}

function hash(code: string): string {
  return createHash('sha256').update(code).digest('hex')
}
