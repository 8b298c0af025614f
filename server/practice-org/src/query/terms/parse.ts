// SOQL text to syntax tree, with an org's refusals for text that is not SOQL.
import { parseQuery, type Query } from '@jetstreamapp/soql-parser-js'
import { queryRefusal, refusal, refusalAt } from '../../schema/refuse.ts'
import { spreadNots, splitOffset, splitScope } from './readable.ts'

const MAX_LENGTH = 100_000
const MAX_CACHED = 300
const cache = new Map<string, Query>()

/** Parses a query; refuses with MALFORMED_QUERY. The tree is shared between callers and must not be changed. */
export function parseSoql(soql: string): Query {
  const known = cache.get(soql)
  if (known) return known
  if (soql.length > MAX_LENGTH)
    throw refusal('MALFORMED_QUERY', 'SOQL statements cannot be longer than 100000 characters.')
  const query = parsed(soql)
  cache.set(soql, query)
  const oldest = cache.keys().next().value
  if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest)
  return query
}

function parsed(soql: string): Query {
  if (!soql.trim()) throw refusal('MALFORMED_QUERY', 'SOQL statements cannot be empty or null')
  try {
    const { text, offset } = splitOffset(soql)
    const { text: readable, scope } = splitScope(text)
    const query = parseQuery(spreadNots(readable))
    return { ...query, ...(offset === undefined ? {} : { offset }), ...(scope ? { usingScope: scope } : {}) }
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    throw syntaxRefusal(soql, message)
  }
}

/** A date and time that breaks off where its zone should stand. */
const TIME_WITHOUT_ZONE = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?![\d:.Z+-])/

/** A character that begins nothing, or the end of the query where something should go on. An org's place is that before it. */
function noAlternative(soql: string, offset: number) {
  const reason = `line 1:${offset} no viable alternative at character '${soql[offset] ?? '<EOF>'}'`
  return refusalAt('MALFORMED_QUERY', soql, Math.max(0, offset - 1), reason)
}

/** The parser names the token it stumbled over; an org says only that, with the place. */
function syntaxRefusal(soql: string, message: string) {
  const lexing = /unexpected character: ->(.)<- at offset: (\d+)/s.exec(message)
  if (lexing) return noAlternative(soql, Number(lexing[2]))
  if (/\sALL\s+ROWS\s*$/i.test(soql)) {
    return queryRefusal('MALFORMED_QUERY', soql, 'ALL', 'ALL ROWS not allowed in this context')
  }
  const token = /but found(?:: '?| --> ')(.*?)(?:'? <--|')?\s*$/s.exec(message)?.[1] ?? ''
  if (/^\s*(?!select\b)\w+/i.test(soql) && token && soql.trim().startsWith(token)) {
    return refusal('MALFORMED_QUERY', `unexpected token: ${token}`)
  }
  const halfTime = TIME_WITHOUT_ZONE.exec(soql)
  if (token === ':' && halfTime) return noAlternative(soql, halfTime.index + halfTime[0].length)
  const bound = token === ':' ? soql.search(/:\s*[A-Za-z_]/) : -1
  if (bound >= 0) return refusalAt('MALFORMED_QUERY', soql, bound, 'Bind variables only allowed in Apex code')
  return queryRefusal('MALFORMED_QUERY', soql, token, `unexpected token: '${token || '<EOF>'}'`)
}
