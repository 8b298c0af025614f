import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { DeviceGrants } from './device-grants.ts'
import { Expiring } from './expiring.ts'

/** What a client asked a person for, checked. */
const AuthorizeRequest = z.object({
  clientId: z.string(),
  /** Empty for a device, which has none. */
  redirectUri: z.string(),
  responseType: z.enum(['code', 'token', 'token id_token']),
  scopes: z.array(z.string()),
  state: z.string().optional(),
  challenge: z.string().optional(),
  nonce: z.string().optional(),
  loginHint: z.string().optional(),
  /** The person must sign in again, or approve again. */
  prompt: z.array(z.enum(['login', 'consent'])),
  /** Of the device that asks. */
  userCode: z.string().optional(),
})
export type AuthorizeRequest = z.infer<typeof AuthorizeRequest>

/** What a code stands for. */
const CodeGrant = z.object({
  clientId: z.string(),
  redirectUri: z.string(),
  userId: z.string(),
  scopes: z.array(z.string()),
  challenge: z.string().optional(),
  nonce: z.string().optional(),
})
export type CodeGrant = z.infer<typeof CodeGrant>

const Login = z.object({ userId: z.string(), at: z.number() })
const KeptCode = CodeGrant.extend({ usableUntil: z.number() })

/** An org's codes are good for 15 minutes. */
const CODE_MS = 15 * 60_000
const REQUEST_MS = 30 * 60_000
const LOGIN_MS = 2 * 3_600_000

/**
 * The browser's side of authorization: requests that wait for a person, who is signed in in which browser, what was
 * approved, codes not yet turned into tokens, and devices that wait. With a `dataDir` all of it outlives the process.
 */
export class Authorizations {
  private readonly requests: Expiring<AuthorizeRequest>
  private readonly logins: Expiring<z.infer<typeof Login>>
  private readonly codes: Expiring<z.infer<typeof KeptCode>>
  readonly devices: DeviceGrants
  /** Ties the forms of this org's pages to the browsers that they were shown in. */
  readonly formSecret: string
  private readonly db: DatabaseSync
  private readonly now: () => number

  constructor(dataDir: string | null, now: () => number) {
    this.now = now
    this.db = new DatabaseSync(dataDir ? join(dataDir, 'authorizations.sqlite') : ':memory:')
    this.db.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS approval (client TEXT, user TEXT, scope TEXT, PRIMARY KEY (client, user, scope));
      CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value TEXT NOT NULL)`)
    this.requests = new Expiring(this.db, 'request', AuthorizeRequest, REQUEST_MS, now)
    this.logins = new Expiring(this.db, 'login', Login, LOGIN_MS, now)
    // Kept for longer than they are good, to tell an expired code from one that never was.
    this.codes = new Expiring(this.db, 'code', KeptCode, 2 * CODE_MS, now)
    this.devices = new DeviceGrants(this.db, now)
    this.db.prepare("INSERT OR IGNORE INTO secret VALUES ('form', ?)").run(random())
    this.formSecret = String(this.db.prepare("SELECT value FROM secret WHERE name = 'form'").get()?.['value'])
  }

  close(): void {
    this.db.close()
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
    const insert = this.db.prepare('INSERT OR IGNORE INTO approval VALUES (?, ?, ?)')
    for (const scope of scopes) insert.run(clientId, userId, scope)
  }

  isApproved(clientId: string, userId: string, scopes: string[]): boolean {
    const rows = this.db.prepare('SELECT scope FROM approval WHERE client = ? AND user = ?').all(clientId, userId)
    const given = new Set(rows.map(({ scope }) => scope))
    return given.size > 0 && scopes.every((scope) => given.has(scope))
  }

  /** A code for a token, once. */
  giveCode(grant: CodeGrant): string {
    const code = `aPrx${random()}`
    this.codes.add(code, { ...grant, usableUntil: this.now() + CODE_MS })
    return code
  }

  /** What a code stands for, undefined when it never was; not good when it was used or is too old. */
  takeCode(code: string): (CodeGrant & { isGood: boolean }) | undefined {
    const found = this.codes.get(code)
    if (!found) return undefined
    this.codes.set(code, { ...found, usableUntil: 0 })
    return { ...found, isGood: this.now() < found.usableUntil }
  }
}

function random(): string {
  return randomBytes(32).toString('base64url')
}
