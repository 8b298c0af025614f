// How records lie in SQLite: tables, columns, indexes.
import type { DatabaseSync } from 'node:sqlite'
import type { FieldDef, ObjectDef } from '../schema/catalog.ts'
import { SEARCH_COLUMNS } from './indexed-text.ts'

/** Lower case, for comparing text beyond ASCII, where SQLite's NOCASE gives up; Greek has two small letters for one sigma. */
export const fold = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ')

/** The condition of the index of folded values, to be repeated by whoever wants to use it. */
export const beyondAscii = (column: string): string => `${column} GLOB '*[^ -~]*'`

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
    case 'base64':
      return 'TEXT'
    default:
      return field.caseSensitive ? 'TEXT' : 'TEXT COLLATE NOCASE'
  }
}

/** Fields whose beginnings are asked for: their indexes answer who may see a row, too. */
const BEGINNINGS = new Set(['string', 'email', 'url', 'phone'])

const INDEXED = new Set(['Name', 'Email', 'Website', 'Phone', 'Company', 'LastName', 'CreatedDate', 'SystemModstamp'])

const FOLDED = new Set(['Name', 'Company', 'LastName'])

/** Whether an org finds equality, ranges and prefixes of the field without reading the table. */
export const isIndexed = (field: FieldDef): boolean =>
  field.name === 'Id' || field.type === 'reference' || field.externalId || field.unique || INDEXED.has(field.name)

/** Who made or changed a record stands in every table, and is hardly ever asked for: these have no index here. */
const RARELY_ASKED = new Set(['CreatedById', 'LastModifiedById'])

/** Whether this store finds them so. */
export const hasIndex = (field: FieldDef): boolean => isIndexed(field) && !RARELY_ASKED.has(field.name)

/**
 * Columns of a field's index. The row's number after the field gives rows of one value in order of creation; what decides
 * whether a row may be seen follows, so that many rows are counted without reading the table.
 */
function indexColumns(object: ObjectDef, field: FieldDef): string[] {
  const has = (name: string) => object.byName.has(name.toLowerCase()) && name !== field.name
  const owned = object.shareBy.includes('owner') && has('OwnerId')
  const beginnings = BEGINNINGS.has(field.type)
  return [
    quote(field.name),
    '_n',
    ...(object.hasIsDeleted ? ['"IsDeleted"'] : []),
    ...(owned && (beginnings || field.name === 'AccountId') ? ['"OwnerId"'] : []),
    ...(owned && beginnings ? ['"Id"'] : []),
    // Owners of children see the parent.
    ...(field.name === 'OwnerId' && has('AccountId') ? ['"AccountId"'] : []),
  ]
}

/** The indexes of an object's table besides that of its id, by name. */
export function indexSql(object: ObjectDef): { name: string; sql: string }[] {
  const table = quote(object.name)
  const index = (name: string, on: string) => ({
    name: `${object.name}_${name}`,
    sql: `CREATE INDEX IF NOT EXISTS ${quote(`${object.name}_${name}`)} ON ${table}${on}`,
  })
  // Rows that an administrator sets up are few: nobody wants them by their dates.
  const wanted = (field: FieldDef) => object.access === 'crud' || field.type !== 'datetime'
  const fields = storedFields(object).filter((field) => hasIndex(field) && field.name !== 'Id' && wanted(field))
  const indexes = fields.map((field) => {
    const sparse = field.type === 'reference' || field.externalId ? ` WHERE ${quote(field.name)} IS NOT NULL` : ''
    return index(field.name, `(${indexColumns(object, field).join(', ')})${sparse}`)
  })
  // Counts the rows there are, and walks them in order, without reading them.
  const live = object.hasIsDeleted ? [index('live', '(_n) WHERE "IsDeleted" = 0')] : []
  const folded = fields
    .filter((field) => FOLDED.has(field.name) && !field.caseSensitive)
    .map(({ name }) => index(`${name}_folded`, `(fold(${quote(name)})) WHERE ${beyondAscii(quote(name))}`))
  return [...indexes, ...live, ...folded]
}

/** The table of an object, and its full-text index if it can be searched. Its indexes wait for its first row. */
export function tableSql(object: ObjectDef): string[] {
  const columns = storedFields(object).map((field) =>
    field.name === 'Id' ? '"Id" TEXT NOT NULL UNIQUE' : `${quote(field.name)} ${columnType(field)}`,
  )
  const table = `CREATE TABLE IF NOT EXISTS ${quote(object.name)}(_n INTEGER PRIMARY KEY AUTOINCREMENT, ${columns.join(', ')})`
  const search =
    `CREATE VIRTUAL TABLE IF NOT EXISTS ${quote(`fts_${object.name}`)} USING fts5(${SEARCH_COLUMNS.join(', ')}, ` +
    `content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`
  return [table, ...(object.searchable ? [search] : [])]
}

/** Tables of the engine's own. */
export const PLUMBING = [
  'CREATE TABLE IF NOT EXISTS _counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS _transaction(n INTEGER PRIMARY KEY, body TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS _event(replayId INTEGER PRIMARY KEY, topic TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL)',
  'CREATE INDEX IF NOT EXISTS _event_topic ON _event(topic, replayId)',
  'CREATE INDEX IF NOT EXISTS _event_at ON _event(at)',
  'CREATE TABLE IF NOT EXISTS _recycled(root TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, field TEXT, value TEXT)',
  'CREATE INDEX IF NOT EXISTS _recycled_root ON _recycled(root)',
  'CREATE TABLE IF NOT EXISTS _leaving(root TEXT PRIMARY KEY, at INTEGER NOT NULL, emptied INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS _leaving_at ON _leaving(at)',
  'CREATE INDEX IF NOT EXISTS _recycled_id ON _recycled(id)',
  'CREATE TABLE IF NOT EXISTS _viewed(n INTEGER PRIMARY KEY, "userId" TEXT NOT NULL, id TEXT NOT NULL, object TEXT NOT NULL, "viewedAt" INTEGER, "referencedAt" INTEGER NOT NULL, UNIQUE("userId", id))',
  'CREATE INDEX IF NOT EXISTS _viewed_object ON _viewed("userId", object, n)',
  'CREATE TABLE IF NOT EXISTS _pending(n INTEGER PRIMARY KEY, dueAt INTEGER NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, changes TEXT NOT NULL)',
]

/** Gives the tables of an org that was kept the columns of fields its objects have got since; check boxes start unticked. */
export function addColumns(db: DatabaseSync, tables: ObjectDef[]): void {
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
