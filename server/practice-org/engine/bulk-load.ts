// Loading very many rows: one transaction, indexes after the rows, sorting on disk.
import type { DatabaseSync } from 'node:sqlite'
import type { ObjectDef } from './catalog.ts'
import { indexSql, quote } from './layout.ts'

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

/**
 * The same without the indexes of records, which are built at the end: a key that is put into a big tree at random reads
 * and writes a page each time, sorted keys are written one after the other.
 */
export function inBulk<T>(db: DatabaseSync, tables: ObjectDef[], work: () => T): T {
  const large = tables.filter((object) => object.access === 'crud')
  // The keys of a million rows do not fit into the memory an org may take.
  db.exec('PRAGMA temp_store = FILE')
  try {
    const result = inOne(db, () => {
      for (const { name } of large.flatMap(indexSql)) db.exec(`DROP INDEX IF EXISTS ${quote(name)}`)
      mergeSearch(db, large, 0)
      const loaded = work()
      for (const { sql } of large.flatMap(indexSql)) db.exec(sql)
      mergeSearch(db, large, MERGE_AT)
      return loaded
    })
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return result
  } finally {
    db.exec('PRAGMA temp_store = MEMORY')
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
