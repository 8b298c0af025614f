// Loading very many rows: one transaction, indexes after the rows, sorting on disk.
import type { DatabaseSync } from 'node:sqlite'
import type { ObjectDef } from '../schema/catalog.ts'
import { indexSql, quote } from './layout.ts'

/**
 * Memory that SQLite may take, 128 MiB: with many accounts of a million at hand, a page of them takes half the time it
 * takes to fetch each from the file; the whole process is to stay under 600 MB.
 */
export const ROOM = 'PRAGMA temp_store = MEMORY; PRAGMA cache_size = -131072'

/** Runs `work` in a transaction; nothing stays when it throws. */
export function inOne<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

/** Whether a table may come to hold very many rows. */
export const isLarge = (object: ObjectDef): boolean => object.access === 'crud'

/** Gives tables that have rows the indexes they lack. */
export function indexFilled(db: DatabaseSync, tables: ObjectDef[]): void {
  for (const object of tables) {
    const row = db.prepare(`SELECT 1 FROM ${quote(object.name)} LIMIT 1`).get()
    if (row) for (const { sql } of indexSql(object)) db.exec(sql)
  }
}

/**
 * The same without the indexes of records, which are built at the end: a key that is put into a big tree at random reads
 * and writes a page each time, sorted keys are written one after the other.
 */
export function inBulk<T>(db: DatabaseSync, tables: ObjectDef[], work: () => T): T {
  const large = tables.filter(isLarge)
  // The keys of a million rows do not fit into the memory an org may take.
  db.exec('PRAGMA temp_store = FILE; PRAGMA cache_size = -32768')
  // Pages at the end of a file need no journal, while a log would hold each of them once more.
  const logged = db.prepare('PRAGMA journal_mode').get()?.['journal_mode'] === 'wal'
  if (logged) db.exec('PRAGMA journal_mode = TRUNCATE')
  try {
    return inOne(db, () => {
      for (const { name } of large.flatMap(indexSql)) db.exec(`DROP INDEX IF EXISTS ${quote(name)}`)
      mergeSearch(db, large, 0)
      const loaded = work()
      indexFilled(db, large)
      mergeSearch(db, large, MERGE_AT)
      return loaded
    })
  } finally {
    if (logged) db.exec('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA shrink_memory')
    db.exec(ROOM)
  }
}

/** FTS5's own default. */
const MERGE_AT = 4

/** After how many segments of one size the full-text indexes merge them; 0 for never. */
function mergeSearch(db: DatabaseSync, tables: ObjectDef[], segments: number): void {
  for (const { name } of tables.filter((object) => object.searchable)) {
    const fts = quote(`fts_${name}`)
    db.exec(`INSERT INTO ${fts}(${fts}, rank) VALUES ('automerge', ${segments})`)
    if (segments > 0) db.exec(`INSERT INTO ${fts}(${fts}) VALUES ('optimize')`)
  }
}
