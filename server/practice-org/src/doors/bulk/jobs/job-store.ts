// What the bulk doors keep in the org's own file: jobs, what was uploaded to them, and what came of it, in parts.

import type { Tables } from '../../../org/org.ts'

export type Kind = 'ingest' | 'query' | 'classic' | 'batch'

/** One part of a job's outcome: rows in order, as JSON. */
export interface Part {
  /** Number of the first row. */
  first: number
  rows: number
  body: string
}

const LAYOUT = [
  'CREATE TABLE IF NOT EXISTS _bulk_job(id TEXT PRIMARY KEY, kind TEXT NOT NULL, n INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS _bulk_data(id TEXT PRIMARY KEY, content TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS _bulk_part(id TEXT NOT NULL, first INTEGER NOT NULL, rows INTEGER NOT NULL, body TEXT NOT NULL)',
  'CREATE UNIQUE INDEX IF NOT EXISTS _bulk_part_order ON _bulk_part(id, first)',
  'CREATE TABLE IF NOT EXISTS _bulk_count(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID',
]

/** Jobs are stored as JSON by id; whoever keeps them knows their shape. Writes inside a transaction of the org commit with it. */
export class JobStore {
  private readonly tables: Tables

  constructor(tables: Tables) {
    this.tables = tables
    for (const sql of LAYOUT) tables.run(sql)
  }

  /** A number never given before, over all restarts and resets. */
  next(): number {
    const sql =
      "INSERT INTO _bulk_count(name, value) VALUES ('id', 1) ON CONFLICT(name) DO UPDATE SET value = value + 1 RETURNING value"
    return Number(this.tables.select(sql)[0]?.[0])
  }

  save(kind: Kind, n: number, job: { id: string }): void {
    const sql =
      'INSERT INTO _bulk_job(id, kind, n, body) VALUES (?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET body = excluded.body'
    this.tables.run(sql, [job.id, kind, n, JSON.stringify(job)])
  }

  /** Jobs of a kind as they were saved, oldest first. */
  saved(kind: Kind): unknown[] {
    const rows = this.tables.select('SELECT body FROM _bulk_job WHERE kind = ? ORDER BY n', [kind])
    return rows.map(([body]) => JSON.parse(String(body)) as unknown)
  }

  /** Forgets a job with all its data. */
  drop(id: string): void {
    for (const table of ['_bulk_job', '_bulk_data', '_bulk_part']) {
      this.tables.run(`DELETE FROM ${table} WHERE id = ?`, [id])
    }
  }

  putData(id: string, content: string): void {
    this.tables.run('INSERT OR REPLACE INTO _bulk_data(id, content) VALUES (?, ?)', [id, content])
  }

  data(id: string): string {
    return String(this.tables.select('SELECT content FROM _bulk_data WHERE id = ?', [id])[0]?.[0] ?? '')
  }

  addPart(id: string, first: number, rows: readonly unknown[]): void {
    const sql = 'INSERT INTO _bulk_part(id, first, rows, body) VALUES (?, ?, ?, ?)'
    this.tables.run(sql, [id, first, rows.length, JSON.stringify(rows)])
  }

  dropParts(id: string): void {
    this.tables.run('DELETE FROM _bulk_part WHERE id = ?', [id])
  }

  /** Parts in order, one read at a time; the first holds row `from`. */
  *parts(id: string, from = 0): Generator<Part> {
    const sql = 'SELECT first, rows, body FROM _bulk_part WHERE id = ? AND first + rows > ? ORDER BY first LIMIT 1'
    for (let at = from; ;) {
      const [row] = this.tables.select(sql, [id, at])
      if (!row) return
      const part = { first: Number(row[0]), rows: Number(row[1]), body: String(row[2]) }
      yield part
      at = part.first + part.rows
    }
  }

  clear(): void {
    for (const table of ['_bulk_job', '_bulk_data', '_bulk_part']) this.tables.run(`DELETE FROM ${table}`)
  }
}
