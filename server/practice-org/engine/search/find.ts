// Search: SOSL over the full-text indexes, blind to rows younger than the index's lag.
import { parseSoql } from '../soql/parse.ts'
import { sql, type QueryContext } from '../soql/context.ts'
import { findRows, type Narrowing } from '../soql/rows.ts'
import { objectOf } from '../soql/statement.ts'
import { refusal } from '../refuse.ts'
import { quote } from '../store.ts'
import type { RecordJson } from '../../org.ts'
import { parseSosl, type Returning, type Sosl } from './sosl.ts'

const MAX_TOTAL = 2000
const MAX_PER_OBJECT = 250

/** Runs a SOSL search; rows come object by object as named in RETURNING, the best match first unless ordered. */
export function findRecords(contextFor: (soql: string) => QueryContext, sosl: string, lagMs: number): RecordJson[] {
  const search = parseSosl(sosl)
  const found: RecordJson[] = []
  const most = Math.min(search.limit ?? MAX_TOTAL, MAX_TOTAL)
  for (const returning of search.returning.length ? search.returning : everySearchable(contextFor(sosl))) {
    if (found.length >= most) break
    found.push(...findIn(contextFor, search, returning, lagMs, most - found.length))
  }
  return found
}

function everySearchable(context: QueryContext): Returning[] {
  return context.catalog.objects
    .filter((object) => object.searchable && context.rights.object(object).read)
    .map((object) => ({ object: object.name, fields: 'Id', tail: '', limit: undefined, hasOrder: false }))
}

function findIn(
  contextFor: (soql: string) => QueryContext,
  search: Sosl,
  returning: Returning,
  lagMs: number,
  most: number,
): RecordJson[] {
  const soql = `SELECT ${returning.fields} FROM ${returning.object} ${returning.tail}`.trim()
  const query = parseSoql(soql)
  const context = contextFor(soql)
  const object = objectOf(context, returning.object)
  if (!object.searchable) throw refusal('INVALID_TYPE', `sObject type '${returning.object}' is not searchable.`)
  const fts = quote(`fts_${object.name}`)
  const match = search.column ? `${search.column} : (${search.match})` : search.match
  const known = context.now - lagMs
  const share = returning.limit ?? Math.min(MAX_PER_OBJECT, Math.ceil(MAX_TOTAL / Math.max(1, search.returning.length)))
  const narrowing: Narrowing = {
    join: () => sql(`${fts} f CROSS JOIN `),
    conditions: (alias) => [
      sql(`f.rowid = ${alias}._n`),
      sql(`${fts} MATCH ?`, [match]),
      ...(lagMs > 0 ? [sql(`${alias}."SystemModstamp" <= ?`, [known])] : []),
    ],
    ...(returning.hasOrder ? {} : { order: 'f.rank' }),
    limit: Math.min(share, most),
  }
  try {
    return findRows(context, object, query, narrowing).map((row) => row.record)
  } catch (error) {
    // The full-text engine has the last word on parentheses and operators.
    const unclear = error instanceof Error && error.message.startsWith('fts5:')
    throw unclear ? refusal('MALFORMED_SEARCH', 'The search term cannot be understood') : error
  }
}
