// SOSL text to its parts: what to find, in which fields, and what to return.
import { refusal } from '../refuse.ts'
import type { SearchColumn } from './indexed-text.ts'

export interface Returning {
  object: string
  /** `Id, Name`; Id alone when none are named. */
  fields: string
  /** `WHERE … ORDER BY … LIMIT n OFFSET m` as SOQL would have it; may be empty. */
  tail: string
  limit: number | undefined
  hasOrder: boolean
}
export interface Sosl {
  /** The search in FTS5's language. */
  match: string
  column: SearchColumn | undefined
  returning: Returning[]
  limit: number | undefined
}

const malformed = (message: string) => refusal('MALFORMED_SEARCH', message)
const COLUMNS: Record<string, SearchColumn | undefined> = {
  ALL: undefined,
  SIDEBAR: undefined,
  NAME: 'name',
  EMAIL: 'email',
  PHONE: 'phone',
}
const MAX_TERM = 10_000

/** Parses `FIND {…} [IN … FIELDS] [RETURNING …] [LIMIT n]`; refuses with MALFORMED_SEARCH. */
export function parseSosl(text: string): Sosl {
  const [term, rest] = takeTerm(text)
  const clauses =
    /^\s*(?:IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS)?\s*(?:RETURNING\s+([\s\S]*?))?(?:\s+WITH\s+(?!.*RETURNING)[\s\S]*?)?\s*(?:LIMIT\s+(\d+))?\s*$/i.exec(
      rest,
    )
  if (!clauses) throw malformed(`unexpected token: '${rest.trim().split(/\s+/)[0] ?? ''}'`)
  const [, group, returning, limit] = clauses
  return {
    match: matchOf(term),
    column: COLUMNS[(group ?? 'ALL').toUpperCase()],
    returning: splitList(returning ?? '').map(returningOf),
    limit: limit === undefined ? undefined : Number(limit),
  }
}

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

/** Splits at commas that are outside parentheses and quotes. */
function splitList(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let part = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? ''
    if (quoted && char === '\\') {
      part += char + (text[++i] ?? '')
      continue
    }
    if (char === "'") quoted = !quoted
    else if (!quoted && char === '(') depth++
    else if (!quoted && char === ')') depth--
    if (char === ',' && depth === 0 && !quoted) {
      parts.push(part)
      part = ''
    } else part += char
  }
  if (part.trim()) parts.push(part)
  return parts.map((each) => each.trim())
}

function returningOf(text: string): Returning {
  const match = /^(\w+)\s*(?:\(([\s\S]*)\))?$/.exec(text)
  if (!match) throw malformed(`unexpected token: '${text}'`)
  const [, object = '', inner = ''] = match
  const clause = /(?:^|\s)(USING|WHERE|ORDER\s+BY|LIMIT|OFFSET)\s/i.exec(inner)
  const fields = (clause ? inner.slice(0, clause.index) : inner).trim()
  const tail = clause ? inner.slice(clause.index).trim() : ''
  const limit = /\bLIMIT\s+(\d+)/i.exec(tail)?.[1]
  return {
    object,
    fields: fields || 'Id',
    tail,
    limit: limit === undefined ? undefined : Number(limit),
    hasOrder: /\bORDER\s+BY\b/i.test(tail),
  }
}

type Token = { word: string } | { operator: 'AND' | 'OR' | 'NOT' | '(' | ')' }

/** The search as FTS5 wants it: words ANDed unless OR or AND NOT stands between, `"…"` a phrase, `*` any ending. */
function matchOf(term: string): string {
  if (term.length > MAX_TERM) throw malformed('The search term is too long')
  const out: string[] = []
  let needsAnd = false
  for (const token of tokensOf(term)) {
    if ('operator' in token) {
      const { operator } = token
      if (operator === '(' && needsAnd) out.push('AND')
      if (operator === 'NOT' && out.at(-1) === 'AND') out.pop()
      if (operator === 'AND' && (out.length === 0 || !needsAnd)) continue
      out.push(operator)
      needsAnd = operator === ')'
      continue
    }
    const words = phrase(token.word)
    if (!words) continue
    if (needsAnd) out.push('AND')
    out.push(words)
    needsAnd = true
  }
  if (out.length === 0 || /^(AND|OR|NOT)$/.test(out.at(-1) ?? '')) {
    throw malformed('search term must be longer than one character: ' + term)
  }
  return out.join(' ')
}

function tokensOf(term: string): Token[] {
  const tokens: Token[] = []
  const pattern = /"((?:\\.|[^"\\])*)"|([()])|((?:\\.|[^\s()"\\])+)/gs
  for (const [, quoted, paren, word] of term.matchAll(pattern)) {
    if (quoted !== undefined) tokens.push({ word: quoted.replaceAll('*', ' ') })
    else if (paren === '(' || paren === ')') tokens.push({ operator: paren })
    else if (word === 'AND' || word === 'OR' || word === 'NOT') tokens.push({ operator: word })
    else if (word !== undefined) tokens.push({ word })
  }
  return tokens
}

/** One word or phrase; `?` and `*` inside a word open it to any ending, the nearest this index has. */
function phrase(raw: string): string {
  const wild = /(?<!\\)[*?]/.exec(raw)
  const fixed = (wild ? raw.slice(0, wild.index) : raw).replace(/\\(.)/gs, '$1')
  const words = fixed.replace(/["\p{Cc}]/gu, ' ').trim()
  if (!/[\p{L}\p{N}]/u.test(words)) return ''
  const digits = words.replace(/\D/g, '')
  const looksLikePhone = digits.length >= 7 && /^[+()\d\s./-]+$/.test(words)
  const text = `"${words}"${wild ? '*' : ''}`
  return looksLikePhone && digits !== words ? `(${text} OR "${digits}" OR phone : "${digits.slice(-10)}")` : text
}
