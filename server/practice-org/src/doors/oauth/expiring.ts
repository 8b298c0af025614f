import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { z } from 'zod'

/** More than a person's browsers ever hold at a time; the oldest go first. */
const MOST = 10_000

/** Values that are forgotten some time after they were added, in a table of `db`; of their keys only SHA-256 is kept. */
export class Expiring<T> {
  private readonly db: DatabaseSync
  private readonly shelf: string
  private readonly shape: z.ZodType<T>
  private readonly lifetimeMs: number
  private readonly now: () => number

  /** @param shelf tells these values from others in the same table */
  constructor(db: DatabaseSync, shelf: string, shape: z.ZodType<T>, lifetimeMs: number, now: () => number) {
    this.db = db
    this.shelf = shelf
    this.shape = shape
    this.lifetimeMs = lifetimeMs
    this.now = now
    db.exec(`CREATE TABLE IF NOT EXISTS expiring (
      shelf TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, until INTEGER NOT NULL, UNIQUE (shelf, key))`)
  }

  /** Returns the key. */
  add(key: string, value: T): string {
    this.db.prepare('DELETE FROM expiring WHERE shelf = ? AND until <= ?').run(this.shelf, this.now())
    this.db
      .prepare(
        'DELETE FROM expiring WHERE rowid IN (SELECT rowid FROM expiring WHERE shelf = ? ORDER BY rowid DESC LIMIT -1 OFFSET ?)',
      )
      .run(this.shelf, MOST - 1)
    this.db
      .prepare('INSERT OR REPLACE INTO expiring VALUES (?, ?, ?, ?)')
      .run(this.shelf, hash(key), JSON.stringify(value), this.now() + this.lifetimeMs)
    return key
  }

  get(key: string): T | undefined {
    const row = this.db
      .prepare('SELECT value FROM expiring WHERE shelf = ? AND key = ? AND until > ?')
      .get(this.shelf, hash(key), this.now())
    return row && this.shape.parse(JSON.parse(String(row['value'])))
  }

  /** Changes what is there, for as long as it had. */
  set(key: string, value: T): void {
    this.db
      .prepare('UPDATE expiring SET value = ? WHERE shelf = ? AND key = ?')
      .run(JSON.stringify(value), this.shelf, hash(key))
  }

  delete(key: string): void {
    this.db.prepare('DELETE FROM expiring WHERE shelf = ? AND key = ?').run(this.shelf, hash(key))
  }
}

function hash(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
