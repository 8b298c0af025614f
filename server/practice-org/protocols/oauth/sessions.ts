import { createHash, randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

/** Someone signed in through a client. Times are epoch ms. */
export interface Session {
  userId: string
  clientId: string
  scope: string
  issuedAt: number
  expiresAt: number
}

export interface SessionsOptions {
  /** SQLite file, or null for memory. Kept across restarts, so tokens stay good when the org restarts. */
  file: string | null
  orgId: string
  now: () => number
  lifetimeMs: number
  random?: (bytes: number) => Buffer
}

const REFRESH_LIFETIME_MS = 30 * 24 * 3_600_000

/**
 * Issues and looks up opaque tokens shaped `00D…!…`, the only shape that REST, SOAP and Pub/Sub clients all take.
 * Only SHA-256 of a token is stored.
 */
export class Sessions {
  private readonly db: DatabaseSync
  private readonly options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.options = options
    this.db = new DatabaseSync(options.file ?? ':memory:')
    this.db.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS session (
        hash TEXT PRIMARY KEY, kind TEXT NOT NULL, user_id TEXT NOT NULL, client_id TEXT NOT NULL,
        scope TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL)`)
    this.db.prepare('DELETE FROM session WHERE expires_at < ?').run(options.now() - REFRESH_LIFETIME_MS)
  }

  /** A new access token for this user and client. */
  open(who: { userId: string; clientId: string; scope?: string }): { token: string; session: Session } {
    return this.issue('access', who, this.options.lifetimeMs)
  }

  openRefresh(who: { userId: string; clientId: string; scope?: string }): string {
    return this.issue('refresh', who, REFRESH_LIFETIME_MS).token
  }

  /** The session of an access token that is neither unknown nor expired nor revoked. */
  find(token: string): Session | undefined {
    return this.read('access', token)
  }

  findRefresh(token: string): Session | undefined {
    return this.read('refresh', token)
  }

  /** False when the token was unknown. */
  revoke(token: string): boolean {
    return this.db.prepare('DELETE FROM session WHERE hash = ?').run(hash(token)).changes > 0
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

  private issue(kind: string, who: { userId: string; clientId: string; scope?: string }, lifetimeMs: number) {
    const issuedAt = this.options.now()
    const session = { scope: 'api id web', ...who, issuedAt, expiresAt: issuedAt + lifetimeMs }
    const token = `${this.options.orgId.slice(0, 15)}!${opaque((this.options.random ?? randomBytes)(60))}`
    this.db
      .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(hash(token), kind, session.userId, session.clientId, session.scope, issuedAt, session.expiresAt)
    return { token, session }
  }

  private read(kind: string, token: string): Session | undefined {
    const row = this.db
      .prepare('SELECT * FROM session WHERE hash = ? AND kind = ? AND expires_at > ?')
      .get(hash(token), kind, this.options.now())
    if (!row) return undefined
    return {
      userId: String(row['user_id']),
      clientId: String(row['client_id']),
      scope: String(row['scope']),
      issuedAt: Number(row['issued_at']),
      expiresAt: Number(row['expires_at']),
    }
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The sf CLI accepts `[.\w]*` after the exclamation mark: no dash. */
function opaque(bytes: Buffer): string {
  return bytes.toString('base64url').replaceAll('-', '.')
}
