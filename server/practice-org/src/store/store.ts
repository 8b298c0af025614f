// Rows in SQLite: one table per object, a column per field, a full-text index per searchable object.
import type { Row, Stored } from './row.ts'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { inBulk, indexFilled, inOne, isLarge, ROOM } from './bulk-load.ts'
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import { Counters } from './counters.ts'
import { makeId } from '../schema/ids.ts'
import { addColumns, fold, indexSql, PLUMBING, quote, storedFields, tableSql } from './layout.ts'
import { indexedText, SEARCH_COLUMNS, searchColumn } from './indexed-text.ts'
import { defineFunctions } from './sql-functions.ts'

export interface Store {
  /** Grows with whatever may have changed a row. */
  readonly changes: number
  /** Rows as arrays, in column order. */
  select(sql: string, params: readonly Stored[]): Stored[][]
  /** Runs a statement that returns nothing; gives the number of changed rows. */
  run(sql: string, params?: readonly Stored[]): number
  insert(object: ObjectDef, row: Row): void
  update(object: ObjectDef, id: string, changes: Row): void
  /** Removes the row for good. */
  remove(object: ObjectDef, id: string): void
  row(object: ObjectDef, id: string): Row | undefined
  /** Rows whose `field` equals `value`, in order of creation. */
  rowsWhere(object: ObjectDef, field: string, value: Stored): Row[]
  /** A new id of the object, greater than all before. */
  nextId(object: ObjectDef): string
  /** Sets `count` ids aside and gives the number of the first; for loading many rows. */
  reserveIds(object: ObjectDef, count: number): number
  /** The next number of a named counter, starting at 1. */
  nextNumber(name: string): number
  raiseCounter(name: string, atLeast: number): void
  exec(sql: string): void
  /**
   * Runs `work` in one transaction: all of it stays or nothing. Of many `rows` the indexes are built once, at the end; a
   * call inside another is part of it.
   */
  loading<T>(rows: number, work: () => T): T
  /** Empties the org: every record, event and log entry. */
  clear(): void
  close(): void
}

export { beyondAscii, columnType, fold, hasIndex, isIndexed, quote } from './layout.ts'

const MAX_STATEMENTS = 400
/** From here on, building the indexes at the end is worth dropping them first. */
const MANY_ROWS = 20_000

/** Opens (and if new, lays out) the org's database; `file` may be `:memory:`. */
export function openStore(file: string, catalog: Catalog): Store {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  db.exec(`${ROOM}; PRAGMA busy_timeout = 5000`)
  db.function('fold', { deterministic: true }, (value: unknown) => (typeof value === 'string' ? fold(value) : null))
  defineFunctions(db)
  const tables = catalog.objects.filter((object) => !object.virtual)
  const isNew = db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined
  if (!isNew) addColumns(db, tables)
  inOne(db, () => db.exec([...PLUMBING, ...tables.flatMap(tableSql)].join(';')))
  if (!isNew) indexFilled(db, tables)
  return new SqliteStore(db, tables)
}

class SqliteStore implements Store {
  changes = 0
  private readonly db: DatabaseSync
  private isLoading = false
  /** The indexes of large tables are built at the end. */
  private isBulk = false
  /** Tables that are known to have their indexes. */
  private readonly indexed = new Set<string>()
  private readonly tables: ObjectDef[]
  private readonly statements = new Map<string, StatementSync>()
  private readonly counters: Counters
  private readonly texts = new Map<string, { names: string[]; insert: string; select: string }>()

  constructor(db: DatabaseSync, tables: ObjectDef[]) {
    this.db = db
    this.tables = tables
    this.counters = new Counters(db)
  }

  private statement(sql: string): StatementSync {
    const known = this.statements.get(sql)
    if (known) {
      // While there is room, who was asked last does not matter.
      if (this.statements.size > MAX_STATEMENTS / 2) {
        this.statements.delete(sql)
        this.statements.set(sql, known)
      }
      return known
    }
    const fresh = this.db.prepare(sql)
    fresh.setReturnArrays(true)
    this.statements.set(sql, fresh)
    const oldest = this.statements.keys().next().value
    if (this.statements.size > MAX_STATEMENTS && oldest !== undefined) this.statements.delete(oldest)
    return fresh
  }

  select(sql: string, params: readonly Stored[]): Stored[][] {
    // setReturnArrays makes each row an array; node's types still say record.
    return this.statement(sql).all(...(params as SQLInputValue[])) as unknown as Stored[][]
  }

  run(sql: string, params: readonly Stored[] = []): number {
    this.changes += 1
    return Number(this.statement(sql).run(...(params as SQLInputValue[])).changes)
  }

  exec(sql: string): void {
    // It may well be ROLLBACK.
    this.changes += 1
    if (sql === 'COMMIT') this.counters.save()
    this.db.exec(sql)
    // What was laid out meanwhile is gone with the rest.
    if (sql.startsWith('ROLLBACK')) this.indexed.clear()
    this.countAlong(sql)
  }

  private countAlong(sql: string): void {
    const [, verb, savepoint = ''] = /^(SAVEPOINT|RELEASE|ROLLBACK TO|ROLLBACK)\b ?(\w*)/.exec(sql) ?? []
    if (verb === 'SAVEPOINT') this.counters.mark(savepoint)
    else if (verb === 'RELEASE') this.counters.release(savepoint)
    else if (verb === 'ROLLBACK TO') this.counters.fallBack(savepoint)
    else if (verb === 'ROLLBACK') this.counters.forget()
  }

  loading<T>(rows: number, work: () => T): T {
    if (this.isLoading) return work()
    this.isLoading = true
    this.isBulk = rows >= MANY_ROWS
    const counted = (): T => {
      const result = work()
      this.counters.save()
      return result
    }
    try {
      return !this.isBulk ? inOne(this.db, counted) : inBulk(this.db, this.tables, counted)
    } catch (error) {
      this.counters.forget()
      throw error
    } finally {
      this.changes += 1
      this.isLoading = false
      this.isBulk = false
      this.indexed.clear()
    }
  }

  /** An index of an empty table is of no use; most tables of most orgs are. */
  private ensureIndexes(object: ObjectDef): void {
    if (this.indexed.has(object.name) || (this.isBulk && isLarge(object))) return
    this.db.exec(
      indexSql(object)
        .map(({ sql }) => sql)
        .join(';'),
    )
    this.indexed.add(object.name)
  }

  insert(object: ObjectDef, row: Row): void {
    this.ensureIndexes(object)
    const { names, insert } = this.textsOf(object)
    this.run(
      insert,
      names.map((name) => row[name] ?? null),
    )
    if (object.searchable) this.index(object, row, false)
  }

  /** SQL that is the same for every row of an object, put together once. */
  private textsOf(object: ObjectDef): { names: string[]; insert: string; select: string } {
    const known = this.texts.get(object.name)
    if (known) return known
    const names = storedFields(object).map((field) => field.name)
    const columns = names.map(quote).join(', ')
    const table = quote(object.name)
    const texts = {
      names,
      insert: `INSERT INTO ${table}(${columns}) VALUES (${names.map(() => '?').join(', ')})`,
      select: `SELECT ${columns} FROM ${table}`,
    }
    this.texts.set(object.name, texts)
    return texts
  }

  update(object: ObjectDef, id: string, changes: Row): void {
    const names = Object.keys(changes)
    if (names.length === 0) return
    const sets = names.map((name) => `${quote(name)} = ?`).join(', ')
    this.run(`UPDATE ${quote(object.name)} SET ${sets} WHERE "Id" = ?`, [
      ...names.map((name) => changes[name] ?? null),
      id,
    ])
    const found = (name: string) => {
      const field = object.byName.get(name.toLowerCase())
      return field !== undefined && searchColumn(object, field) !== undefined
    }
    if (!object.searchable || !names.some(found)) return
    const row = this.row(object, id)
    if (row) this.index(object, row, true)
  }

  remove(object: ObjectDef, id: string): void {
    if (object.searchable) {
      const n = this.select(`SELECT _n FROM ${quote(object.name)} WHERE "Id" = ?`, [id])[0]?.[0]
      if (n !== undefined) this.run(`DELETE FROM ${quote(`fts_${object.name}`)} WHERE rowid = ?`, [n])
    }
    this.run(`DELETE FROM ${quote(object.name)} WHERE "Id" = ?`, [id])
  }

  private index(object: ObjectDef, row: Row, exists: boolean): void {
    const fts = quote(`fts_${object.name}`)
    const key = `(SELECT _n FROM ${quote(object.name)} WHERE "Id" = ?)`
    if (exists) this.run(`DELETE FROM ${fts} WHERE rowid = ${key}`, [row['Id'] ?? null])
    const texts = indexedText(object, row)
    const marks = texts.map(() => '?').join(', ')
    this.run(`INSERT INTO ${fts}(rowid, ${SEARCH_COLUMNS.join(', ')}) VALUES (${key}, ${marks})`, [
      row['Id'] ?? null,
      ...texts,
    ])
  }

  row(object: ObjectDef, id: string): Row | undefined {
    return this.rowsWhere(object, 'Id', id)[0]
  }

  rowsWhere(object: ObjectDef, field: string, value: Stored): Row[] {
    const { names, select } = this.textsOf(object)
    const sql = `${select} WHERE ${quote(field)} = ? ORDER BY _n`
    return this.select(sql, [value]).map((values) =>
      Object.fromEntries(names.map((name, i): [string, Stored] => [name, values[i] ?? null])),
    )
  }

  nextId(object: ObjectDef): string {
    return makeId(object.keyPrefix ?? '000', this.nextNumber(`id:${object.name}`))
  }

  reserveIds(object: ObjectDef, count: number): number {
    return this.counters.advance(`id:${object.name}`, count) - count + 1
  }

  nextNumber(name: string): number {
    return this.counters.advance(name, 1)
  }

  raiseCounter = (name: string, atLeast: number): void => this.counters.raise(name, atLeast)

  clear(): void {
    for (const { name, searchable } of this.tables) {
      this.run(`DELETE FROM ${quote(name)}`)
      if (searchable) this.run(`DELETE FROM ${quote(`fts_${name}`)}`)
    }
    for (const name of ['_recycled', '_leaving', '_viewed', '_pending', '_transaction', '_event']) {
      this.run(`DELETE FROM ${name}`)
    }
    this.counters.save()
    this.counters.forget()
    // Replay ids and transaction numbers never start again: a subscriber may hold one.
    this.run(`DELETE FROM _counter WHERE name NOT IN ('replay', 'transaction')`)
  }

  close(): void {
    this.statements.clear()
    this.db.close()
  }
}
