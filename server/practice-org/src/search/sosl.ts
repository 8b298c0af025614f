// SOSL text to its parts: what to find, in which fields, and what to return.
import { refusal } from '../schema/refuse.ts'
import type { SearchColumn } from '../store/indexed-text.ts'
import { malformed, readTerm, type Term } from './term.ts'

export interface Returning {
  object: string
  /** `Id, Name`; Id alone when none are named. */
  fields: string
  /** `WHERE … ORDER BY … LIMIT n OFFSET m` as SOQL would have it; may be empty. */
  tail: string
  limit: number | undefined
  hasFilter: boolean
  hasOrder: boolean
}
export interface Sosl {
  /** Undefined when the term is so long that nothing is found. */
  term: Term | undefined
  column: SearchColumn | undefined
  returning: Returning[]
  limit: number | undefined
}

const COLUMNS: Record<string, SearchColumn | undefined> = {
  ALL: undefined,
  SIDEBAR: undefined,
  NAME: 'name',
  EMAIL: 'email',
  PHONE: 'phone',
}
const MAX_LENGTH = 100_000
const MAX_OFFSET = 2000
/** Clauses in the order they must have. */
const CLAUSES = ['IN', 'RETURNING', 'WITH', 'LIMIT', 'UPDATE'] as const
type Clause = (typeof CLAUSES)[number]
/** WITH clauses that change nothing here; the others need features that the org has not. */
const IDLE = /^(SNIPPET|HIGHLIGHT|METADATA|SPELL_CORRECTION|PRICEBOOKID)\b/i

/** Parses `FIND {…} [IN … FIELDS] [RETURNING …] [WITH …] [LIMIT n]`; refuses with MALFORMED_SEARCH. */
export function parseSosl(text: string): Sosl {
  if (text.length > MAX_LENGTH) throw malformed(`SOSL statements cannot be longer than ${MAX_LENGTH} characters.`)
  const [term, rest] = takeTerm(text)
  let column: SearchColumn | undefined
  let returning: Returning[] = []
  let limit: number | undefined
  for (const [clause, body] of clausesOf(rest)) {
    if (clause === 'IN') column = columnOf(body)
    else if (clause === 'RETURNING') returning = splitList(body).map(returningOf)
    else if (clause === 'WITH') checkWith(body)
    else if (clause === 'LIMIT') limit = limitOf(body)
  }
  checkReturning(returning)
  return { term: readTerm(term), column, returning, limit }
}

const unexpected = (token: string) => malformed(`unexpected token: '${token || '<EOF>'}'`)

/** The text between the braces; a backslash keeps a brace inside. */
function takeTerm(text: string): [string, string] {
  const start = /^\s*FIND\s*\{/i.exec(text)
  if (!start) throw malformed('No search term found. The search term must be enclosed in braces.')
  for (let i = start[0].length; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '}') return [text.slice(start[0].length, i), text.slice(i + 1)]
  }
  throw malformed('No search term found. The search term must be enclosed in braces.')
}

/** Letters of the text that are in no parentheses and no quotes, blanks for the others. */
function outside(text: string): string {
  let depth = 0
  return text.replace(/'(?:\\.|[^'\\])*'|[\s\S]/g, (part) => {
    if (part === '(') depth += 1
    const kept = depth === 0 && part.length === 1
    if (part === ')') depth -= 1
    return kept ? part : ' '.repeat(part.length)
  })
}

function clausesOf(text: string): [Clause, string][] {
  const bare = outside(text)
  const starts = [...bare.matchAll(/\b(IN|RETURNING|WITH|LIMIT|UPDATE)\b/gi)]
  const before = text.slice(0, starts[0]?.index ?? text.length).trim()
  if (before) throw unexpected(before.split(/\s+/)[0] ?? '')
  const clauses = starts.map((start, i): [Clause, string] => {
    const end = starts[i + 1]?.index ?? text.length
    return [start[0].toUpperCase() as Clause, text.slice(start.index + start[0].length, end).trim()]
  })
  clauses.forEach(([clause], i) => {
    const last = clauses[i - 1]?.[0]
    const order = CLAUSES.indexOf(clause) - (last ? CLAUSES.indexOf(last) : -1)
    if (order < 0 || (order === 0 && clause !== 'WITH')) throw unexpected(clause)
  })
  return clauses
}

function columnOf(body: string): SearchColumn | undefined {
  const group = /^(\w+)\s+FIELDS$/i.exec(body)?.[1]?.toUpperCase()
  if (!group || !Object.hasOwn(COLUMNS, group)) throw unexpected(body.split(/\s+/)[0] ?? '')
  return COLUMNS[group]
}

function limitOf(body: string): number {
  if (!/^\d+$/.test(body)) throw unexpected(body)
  return Number(body)
}

function checkWith(body: string): void {
  if (IDLE.test(body)) return
  if (/^DATA\s+CATEGORY\b/i.test(body)) throw malformed('Data categories are not supported in this organization')
  if (/^DIVISION\b/i.test(body)) throw malformed('Divisions are not supported in this organization')
  if (/^NETWORK\b/i.test(body)) throw malformed('Networks are not supported in this organization')
  throw unexpected(body.split(/[\s=(]+/)[0] ?? '')
}

/** Splits at commas that are outside parentheses and quotes. */
function splitList(text: string): string[] {
  const bare = outside(text)
  const commas = [...bare.matchAll(/,/g)].map((match) => match.index)
  const parts = [...commas, text.length].map((end, i) => text.slice(i ? (commas[i - 1] ?? 0) + 1 : 0, end).trim())
  if (parts.some((part) => !part)) throw unexpected(text ? ',' : '')
  return parts
}

function returningOf(text: string): Returning {
  const match = /^(\w+)\s*(?:\(([\s\S]*)\))?$/.exec(text)
  if (!match) throw unexpected(text)
  const [, object = '', inner = ''] = match
  const clause = /(?:^|\s)(USING|WHERE|ORDER\s+BY|LIMIT|OFFSET)\s/i.exec(outside(inner))
  const fields = (clause ? inner.slice(0, clause.index) : inner).trim()
  const tail = clause ? inner.slice(clause.index).trim() : ''
  const bare = outside(tail)
  if (/\bUSING\b/i.test(bare)) throw malformed('List views cannot be searched in this organization')
  const hasFilter = /\bWHERE\b/i.test(bare)
  if (hasFilter && !fields) throw malformed(`a WHERE clause needs at least one field: ${object}`)
  const limit = /\bLIMIT\s+(\d+)/i.exec(bare)?.[1]
  return {
    object,
    fields: fields || 'Id',
    tail,
    limit: limit === undefined ? undefined : Number(limit),
    hasFilter,
    hasOrder: /\bORDER\s+BY\b/i.test(bare),
  }
}

/** Each object once; rows may be skipped where there is one object alone [soqlref]. */
function checkReturning(returning: Returning[]): void {
  const names = returning.map(({ object }) => object.toLowerCase())
  const twice = returning.find((_, i) => names.indexOf(names[i] ?? '') < i)
  if (twice) throw malformed(`duplicate object in RETURNING: ${twice.object}`)
  for (const { tail } of returning) {
    const offset = /\bOFFSET\s+(\d+)/i.exec(outside(tail))?.[1]
    if (offset === undefined) continue
    if (returning.length > 1) throw malformed('OFFSET can only be used with a single object')
    if (Number(offset) > MAX_OFFSET)
      throw refusal('MALFORMED_SEARCH', `SOSL offset should be between 0 to ${MAX_OFFSET}`)
  }
}
