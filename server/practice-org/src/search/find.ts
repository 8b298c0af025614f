// Search: SOSL over the full-text indexes, blind to rows younger than the index's lag.
import type { Query } from '@jetstreamapp/soql-parser-js'
import type { ObjectDef } from '../schema/catalog.ts'
import { parseSoql } from '../query/terms/parse.ts'
import { type QueryContext } from '../query/terms/context.ts'
import { sql } from '../query/terms/sql.ts'
import { isGrouped, isPlainCount } from '../query/groups.ts'
import { findRows, type Narrowing } from '../query/rows.ts'
import { objectOf } from '../query/statement.ts'
import { queryRefusal, refusal } from '../schema/refuse.ts'
import { quote } from '../store/store.ts'
import { OrgError } from '../org/org.ts'
import type { RecordJson } from '../org/values.ts'
import { parseSosl, type Returning, type Sosl } from './sosl.ts'
import { matchOf, type Term } from './term.ts'

const MAX_TOTAL = 2000
const MAX_PER_OBJECT = 250
/** Words that a pattern may stand for. */
const MAX_WORDS = 500

/** Runs a SOSL search; rows come object by object as named in RETURNING, the best match first unless ordered. */
export function findRecords(contextFor: (soql: string) => QueryContext, sosl: string, lagMs: number): RecordJson[] {
  const search = parseSosl(sosl)
  const { term } = search
  if (!term) return []
  const most = Math.min(search.limit ?? MAX_TOTAL, MAX_TOTAL)
  const wanted = search.returning.length ? search.returning : everySearchable(contextFor(sosl))
  const context = contextFor(sosl)
  const found = wanted.map((returning) => inSearch(() => findIn(context, { ...search, term }, returning, lagMs)))
  const shares = evenShares(
    found.map((rows) => rows.length),
    most,
  )
  return found.flatMap((rows, i) => rows.slice(0, shares[i]))
}

/** What is wrong with the text of a query is wrong with that of the search it came from. */
function inSearch<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const isText = error instanceof OrgError && error.body.errorCode === 'MALFORMED_QUERY'
    throw isText ? new OrgError({ ...error.body, errorCode: 'MALFORMED_SEARCH' }) : error
  }
}

/** How many of each kind are returned when not all may be: as evenly as their numbers allow [soqlref]. */
function evenShares(counts: number[], most: number): number[] {
  const shares = counts.map(() => 0)
  let left = most
  let open = counts.map((_, i) => i).filter((i) => (counts[i] ?? 0) > 0)
  while (left > 0 && open.length > 0) {
    const each = Math.max(1, Math.floor(left / open.length))
    for (const i of open) {
      const more = Math.min(each, (counts[i] ?? 0) - (shares[i] ?? 0), left)
      shares[i] = (shares[i] ?? 0) + more
      left -= more
    }
    open = open.filter((i) => (shares[i] ?? 0) < (counts[i] ?? 0))
  }
  return shares
}

function everySearchable(context: QueryContext): Returning[] {
  return context.catalog.objects
    .filter((object) => object.searchable && context.rights.object(object).read)
    .map((object) => ({
      object: object.name,
      fields: 'Id',
      tail: '',
      limit: undefined,
      hasFilter: false,
      hasOrder: false,
    }))
}

/** 250 rows of an object, fewer of many; a single one that is filtered or ordered gives up to 2,000 [soqlref]. */
function mostOf(search: Sosl, { limit, hasFilter, hasOrder }: Returning): number {
  const alone = search.returning.length === 1 && (hasFilter || hasOrder)
  const share = Math.min(MAX_PER_OBJECT, Math.ceil(MAX_TOTAL / Math.max(1, search.returning.length)))
  return Math.min(limit ?? MAX_TOTAL, alone ? MAX_TOTAL : share)
}

/** Words of the object's index that a pattern of `*` and `?` fits; the index knows them small and without accents. */
function wordsLike({ store }: QueryContext, object: ObjectDef, pattern: string): string[] {
  const vocabulary = `temp.${quote(`words_${object.name}`)}`
  store.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS ${vocabulary} USING fts5vocab('main', 'fts_${object.name}', 'row')`)
  const folded = pattern.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const start = /^[^*?]*/.exec(folded)?.[0] ?? ''
  const words = `SELECT term FROM ${vocabulary} WHERE term >= ? AND term < ? AND term GLOB ? LIMIT ${MAX_WORDS}`
  return store.select(words, [start, `${start}\u{10ffff}`, folded]).map(([word]) => String(word))
}

/** What RETURNING asks of one object, as a query; what is wrong with it is shown in the text of the search. */
function queryOf(sosl: string, { fields, object, tail }: Returning): Query {
  try {
    return parseSoql(`SELECT ${fields} FROM ${object} ${tail}`.trim())
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    const reason = error.body.message.split('\n').at(-1) ?? ''
    throw queryRefusal('MALFORMED_SEARCH', sosl, /'([^']+)'$/.exec(reason)?.[1] ?? '', reason)
  }
}

/** @param context of the whole search, whose text refusals echo */
function findIn(
  context: QueryContext,
  search: Sosl & { term: Term },
  returning: Returning,
  lagMs: number,
): RecordJson[] {
  const query = queryOf(context.soql, returning)
  if (isGrouped(query) || isPlainCount(query) || query.fields?.some(({ type }) => type === 'FieldSubquery')) {
    throw refusal('MALFORMED_SEARCH', `Only fields of the records can be returned: ${returning.fields}`)
  }
  const object = objectOf(context, returning.object)
  if (!object.searchable) throw refusal('INVALID_TYPE', `sObject type '${returning.object}' is not searchable.`)
  const fts = quote(`fts_${object.name}`)
  const words = matchOf(search.term, (pattern) => wordsLike(context, object, pattern))
  const match = search.column ? `${search.column} : (${words})` : words
  const known = context.now - lagMs
  const narrowing: Narrowing = {
    join: () => sql(`${fts} f CROSS JOIN `),
    conditions: (alias) => [
      sql(`f.rowid = ${alias}._n`),
      sql(`${fts} MATCH ?`, [match]),
      ...(lagMs > 0 ? [sql(`${alias}."SystemModstamp" <= ?`, [known])] : []),
    ],
    ...(returning.hasOrder ? {} : { order: 'f.rank' }),
    limit: mostOf(search, returning),
  }
  try {
    return findRows(context, object, query, narrowing).map((row) => row.record)
  } catch (error) {
    // The full-text engine has the last word on parentheses and operators.
    const unclear = error instanceof Error && error.message.startsWith('fts5:')
    throw unclear ? refusal('MALFORMED_SEARCH', 'The search term cannot be understood') : error
  }
}
