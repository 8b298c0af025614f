import { createHash, randomBytes } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

/** Someone signed in through a client. Times are epoch ms. */
export interface Session {
  userId: string
  clientId: string
  /** Separated by spaces. */
  scope: string
  issuedAt: number
  expiresAt: number
}

/** Whom to open a session for. `refreshToken` is the one that gave it: revoking that one ends this session too. */
export interface Opening {
  userId: string
  clientId: string
  scope?: string
  refreshToken?: string
}

export interface SessionsOptions {
  /** SQLite file, or null for memory. Kept across restarts, so tokens stay good when the org restarts. */
  file: string | null
  orgId: string
  now: () => number
  /** Of an access token that is not used. */
  lifetimeMs: number
  random?: (bytes: number) => Buffer
}

const REFRESH_LIFETIME_MS = 30 * 24 * 3_600_000
const API_SCOPE = 'api id web'

/**
 * Issues and looks up opaque tokens: access tokens shaped `00D…!…`, the only shape that REST, SOAP and Pub/Sub
 * clients all take, refresh tokens shaped `5Aep861…`. Only SHA-256 of a token is stored.
 */
export class Sessions {
  private readonly db: DatabaseSync
  private readonly options: SessionsOptions
  private readonly select: StatementSync
  private readonly prolong: StatementSync

  constructor(options: SessionsOptions) {
    this.options = options
    this.db = new DatabaseSync(options.file ?? ':memory:')
    this.db.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS session (
        hash TEXT PRIMARY KEY, kind TEXT NOT NULL, user_id TEXT NOT NULL, client_id TEXT NOT NULL,
        scope TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS descent (child TEXT PRIMARY KEY, refresh TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS descent_of ON descent (refresh)`)
    this.db.prepare('DELETE FROM session WHERE expires_at < ?').run(options.now() - REFRESH_LIFETIME_MS)
    this.db.exec('DELETE FROM descent WHERE child NOT IN (SELECT hash FROM session)')
    this.select = this.db.prepare('SELECT * FROM session WHERE hash = ? AND kind = ? AND expires_at > ?')
    this.prolong = this.db.prepare('UPDATE session SET expires_at = ? WHERE hash = ?')
  }

  /** A new access token for this user and client. */
  open(who: Opening): { token: string; session: Session } {
    const token = `${this.options.orgId.slice(0, 15)}!${this.opaque(60)}`
    return { token, session: this.keep('access', token, who, this.options.lifetimeMs) }
  }

  openRefresh(who: Opening): string {
    const token = `5Aep861${this.opaque(60)}`
    this.keep('refresh', token, who, REFRESH_LIFETIME_MS)
    return token
  }

  /**
   * The session of an access token that is neither unknown nor expired nor revoked. Using it prolongs it, as in an
   * org: in the second half of its life it gets a whole one again.
   */
  find(token: string): Session | undefined {
    const session = this.look(token)
    const { now, lifetimeMs } = this.options
    if (!session || session.expiresAt - now() > lifetimeMs / 2) return session
    const expiresAt = now() + lifetimeMs
    this.prolong.run(expiresAt, hash(token))
    return { ...session, expiresAt }
  }

  /** As `find`, without using it. */
  look(token: string): Session | undefined {
    return this.read('access', token)
  }

  findRefresh(token: string): Session | undefined {
    return this.read('refresh', token)
  }

  /** Ends a token, and with a refresh token the access tokens it gave. False when the token was unknown. */
  revoke(token: string): boolean {
    const gone = hash(token)
    this.db.prepare('DELETE FROM session WHERE hash IN (SELECT child FROM descent WHERE refresh = ?)').run(gone)
    return this.db.prepare('DELETE FROM session WHERE hash = ?').run(gone).changes > 0
  }

  /** Ends every access token at once; refresh tokens stay good. */
  expireAll(): void {
    this.db.prepare("UPDATE session SET expires_at = 0 WHERE kind = 'access'").run()
  }

  expire(token: string): void {
    this.db.prepare("UPDATE session SET expires_at = 0 WHERE kind = 'access' AND hash = ?").run(hash(token))
  }

  close(): void {
    this.db.close()
  }

  private keep(kind: string, token: string, who: Opening, lifetimeMs: number): Session {
    const { userId, clientId, scope = API_SCOPE } = who
    const issuedAt = this.options.now()
    const expiresAt = issuedAt + lifetimeMs
    const key = hash(token)
    this.db
      .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(key, kind, userId, clientId, scope, issuedAt, expiresAt)
    if (who.refreshToken) this.db.prepare('INSERT INTO descent VALUES (?, ?)').run(key, hash(who.refreshToken))
    return { userId, clientId, scope, issuedAt, expiresAt }
  }

  private read(kind: string, token: string): Session | undefined {
    const row = this.select.get(hash(token), kind, this.options.now())
    if (!row) return undefined
    return {
      userId: String(row['user_id']),
      clientId: String(row['client_id']),
      scope: String(row['scope']),
      issuedAt: Number(row['issued_at']),
      expiresAt: Number(row['expires_at']),
    }
  }

  /** The sf CLI accepts `[.\w]*` after the exclamation mark: no dash. */
  private opaque(bytes: number): string {
    return (this.options.random ?? randomBytes)(bytes).toString('base64url').replaceAll('-', '.')
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
