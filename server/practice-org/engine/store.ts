// Rows in SQLite: one table per object, a column per field, a full-text index per searchable object.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Catalog, FieldDef, ObjectDef } from './catalog.ts'
import { counterOf, makeId } from './ids.ts'
import { indexedText, SEARCH_COLUMNS, searchColumn } from './search/indexed-text.ts'

/** A value as it is stored: booleans as 0/1, datetimes as epoch ms, dates as `YYYY-MM-DD`. */
export type Stored = string | number | null
export type Row = Record<string, Stored>

export interface Store {
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
  /** Empties the org: every record, event and log entry. */
  clear(): void
  close(): void
}

const MAX_STATEMENTS = 400

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Fields that have a column: compound addresses are put together on reading. */
export const storedFields = (object: ObjectDef): FieldDef[] => object.fields.filter((field) => field.type !== 'address')

export function columnType(field: FieldDef): string {
  switch (field.type) {
    case 'boolean':
    case 'int':
    case 'datetime':
      return 'INTEGER'
    case 'double':
    case 'currency':
    case 'percent':
      return 'REAL'
    case 'id':
    case 'reference':
    case 'date':
      return 'TEXT'
    default:
      return field.caseSensitive ? 'TEXT' : 'TEXT COLLATE NOCASE'
  }
}

const INDEXED = new Set(['Name', 'Email', 'Website', 'Phone', 'Company', 'LastName', 'CreatedDate', 'SystemModstamp'])

/** Whether equality, ranges and prefixes of the field are found without reading the table. */
export const isIndexed = (field: FieldDef): boolean =>
  field.name === 'Id' || field.type === 'reference' || field.externalId || field.unique || INDEXED.has(field.name)

function tableSql(object: ObjectDef): string[] {
  const table = quote(object.name)
  const columns = storedFields(object).map((field) =>
    field.name === 'Id' ? '"Id" TEXT NOT NULL UNIQUE' : `${quote(field.name)} ${columnType(field)}`,
  )
  const indexes = storedFields(object)
    .filter((field) => isIndexed(field) && field.name !== 'Id')
    .map((field) => {
      const sparse = field.type === 'reference' || field.externalId ? ` WHERE ${quote(field.name)} IS NOT NULL` : ''
      return `CREATE INDEX IF NOT EXISTS ${quote(`${object.name}_${field.name}`)} ON ${table}(${quote(field.name)})${sparse}`
    })
  const search = object.searchable
    ? [
        `CREATE VIRTUAL TABLE IF NOT EXISTS ${quote(`fts_${object.name}`)} USING fts5(${SEARCH_COLUMNS.join(', ')}, ` +
          `content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`,
      ]
    : []
  return [`CREATE TABLE IF NOT EXISTS ${table}(_n INTEGER PRIMARY KEY, ${columns.join(', ')})`, ...indexes, ...search]
}

const PLUMBING = [
  'CREATE TABLE IF NOT EXISTS _counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS _transaction(n INTEGER PRIMARY KEY, body TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS _event(replayId INTEGER PRIMARY KEY, topic TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL)',
  'CREATE INDEX IF NOT EXISTS _event_topic ON _event(topic, replayId)',
  'CREATE INDEX IF NOT EXISTS _event_at ON _event(at)',
  'CREATE TABLE IF NOT EXISTS _recycled(root TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, field TEXT, value TEXT)',
  'CREATE INDEX IF NOT EXISTS _recycled_root ON _recycled(root)',
  'CREATE TABLE IF NOT EXISTS _pending(n INTEGER PRIMARY KEY, dueAt INTEGER NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, changes TEXT NOT NULL)',
]

/** Lower case, for comparing text beyond ASCII, where SQLite's NOCASE gives up. */
export const fold = (text: string): string => text.toLowerCase()

/** Gives the tables of an org that was kept the columns of fields its objects have got since; check boxes start unticked. */
function addColumns(db: DatabaseSync, tables: ObjectDef[]): void {
  for (const object of tables) {
    const known = db.prepare('SELECT name FROM pragma_table_info(?)').all(object.name)
    if (known.length === 0) continue
    const names = new Set(known.map((column) => column['name']))
    for (const field of storedFields(object).filter(({ name }) => !names.has(name))) {
      const start = field.type === 'boolean' ? ` DEFAULT ${Number(field.default === true)}` : ''
      db.exec(`ALTER TABLE ${quote(object.name)} ADD COLUMN ${quote(field.name)} ${columnType(field)}${start}`)
    }
  }
}

/** Opens (and if new, lays out) the org's database; `file` may be `:memory:`. */
export function openStore(file: string, catalog: Catalog): Store {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536')
  db.exec('PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 5000')
  db.function('fold', { deterministic: true }, (value: unknown) => (typeof value === 'string' ? fold(value) : null))
  const tables = catalog.objects.filter((object) => !object.virtual)
  addColumns(db, tables)
  for (const sql of [...PLUMBING, ...tables.flatMap(tableSql)]) db.exec(sql)
  return new SqliteStore(db, tables)
}

class SqliteStore implements Store {
  private readonly db: DatabaseSync
  private readonly tables: ObjectDef[]
  private readonly statements = new Map<string, StatementSync>()
  private readonly texts = new Map<string, { names: string[]; insert: string; select: string }>()

  constructor(db: DatabaseSync, tables: ObjectDef[]) {
    this.db = db
    this.tables = tables
  }

  private statement(sql: string): StatementSync {
    const known = this.statements.get(sql)
    if (known) {
      this.statements.delete(sql)
      this.statements.set(sql, known)
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
    return Number(this.statement(sql).run(...(params as SQLInputValue[])).changes)
  }

  exec(sql: string): void {
    this.db.exec(sql)
  }

  insert(object: ObjectDef, row: Row): void {
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
    return this.advance(`id:${object.name}`, count) - count + 1
  }

  nextNumber(name: string): number {
    return this.advance(name, 1)
  }

  private advance(name: string, by: number): number {
    const sql =
      'INSERT INTO _counter(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = value + excluded.value ' +
      'RETURNING value'
    return Number(this.select(sql, [name, by])[0]?.[0])
  }

  raiseCounter(name: string, atLeast: number): void {
    const sql =
      'INSERT INTO _counter(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)'
    this.run(sql, [name, atLeast])
  }

  clear(): void {
    for (const { name, searchable } of this.tables) {
      this.run(`DELETE FROM ${quote(name)}`)
      if (searchable) this.run(`DELETE FROM ${quote(`fts_${name}`)}`)
    }
    for (const name of ['_recycled', '_pending', '_transaction', '_event']) this.run(`DELETE FROM ${name}`)
    // Replay ids and transaction numbers never start again: a subscriber may hold one.
    this.run(`DELETE FROM _counter WHERE name NOT IN ('replay', 'transaction')`)
  }

  close(): void {
    this.statements.clear()
    this.db.close()
  }
}

/** Keeps the object's id counter beyond an id that was given from outside. */
export function noteGivenId(store: Store, object: ObjectDef, id: string): void {
  const n = counterOf(id)
  if (n !== undefined) store.raiseCounter(`id:${object.name}`, n)
}
