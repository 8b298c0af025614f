// The text between SOSL's braces: words, phrases, wildcards and operators, as the full-text engine wants them.
import type { OrgError } from '../org/org.ts'
import { refusal } from '../schema/refuse.ts'

/** Beyond so many characters operators are words, and beyond the second number nothing is found [soqlref]. */
const MAX_OPERATED = 4000
const MAX_TERM = 10_000

/** Wildcards once escapes are gone; both are letters that no text has. */
const ANY = '\ue000'
const ONE = '\ue001'
/** A word no text has. */
const NOTHING = '"\ue002"'

type Operator = 'AND' | 'OR' | 'NOT' | '(' | ')'
type Piece = { operator: Operator } | { word: string; isPhrase: boolean }

/** Words of an index that fit a pattern of `*` and `?`. */
export type Expand = (pattern: string) => string[]
export interface Term {
  pieces: Piece[]
  /** What words without an operator between them are joined by. */
  glue: 'AND' | 'OR'
}

export const malformed = (message: string): OrgError => refusal('MALFORMED_SEARCH', message)

/** Reads a term; undefined when it is so long that an org finds nothing. Throws OrgError MALFORMED_SEARCH. */
export function readTerm(term: string): Term | undefined {
  if (term.length > MAX_TERM) return undefined
  const pieces = piecesOf(term)
  const letters = pieces.flatMap((piece) => ('word' in piece ? [...piece.word.replace(/[^\p{L}\p{N}]/gu, '')] : []))
  const isShort = letters.length < 2 && !/[^\x20-\x7e]/.test(letters.join(''))
  if (isShort) throw malformed(`search term must be longer than one character: ${term}`)
  if (term.length <= MAX_OPERATED) return { pieces, glue: 'AND' }
  return { pieces: pieces.filter((piece) => 'word' in piece), glue: 'OR' }
}

const PIECE = /"((?:\\.|[^"\\])*)"|([()])|((?:\\.|[^\s()"\\])+)|(["\\])/gs
const RESERVED = /[&|!{}[\]^~:'+]/

function piecesOf(term: string): Piece[] {
  const pieces: Piece[] = []
  for (const [, quoted, paren, word, stray] of term.matchAll(PIECE)) {
    if (stray !== undefined) throw malformed(`unbalanced '${stray}' in the search term`)
    if (paren === '(' || paren === ')') pieces.push({ operator: paren })
    else if (quoted !== undefined) pieces.push({ word: literal(quoted), isPhrase: true })
    else if (word !== undefined) {
      const upper = word.toUpperCase()
      const isOperator = upper === 'AND' || upper === 'OR' || upper === 'NOT'
      pieces.push(isOperator ? { operator: upper } : { word: literal(word), isPhrase: false })
    }
  }
  return pieces
}

/** The text a word stands for: escapes gone, wildcards marked; a reserved letter needs its backslash [soqlref]. */
function literal(raw: string): string {
  const bare = raw.replace(/\\./gs, '')
  const reserved = RESERVED.exec(bare)?.[0]
  if (reserved) throw malformed(`the reserved character '${reserved}' must be escaped in the search term`)
  return raw.replace(/\\(.)|([*?])/gs, (_, escaped: string | undefined, wild: string | undefined) =>
    wild ? (wild === '*' ? ANY : ONE) : (escaped ?? ''),
  )
}

/** The search in FTS5's language. Throws OrgError when operators have nothing to join. */
export function matchOf({ pieces, glue }: Term, expand: Expand): string {
  const out: string[] = []
  let needsGlue = false
  for (const piece of pieces) {
    if ('operator' in piece) {
      const { operator } = piece
      if (operator === '(' && needsGlue) out.push(glue)
      if (operator === 'NOT' && out.at(-1) === 'AND') out.pop()
      if (operator === 'AND' && (out.length === 0 || !needsGlue)) continue
      out.push(operator)
      needsGlue = operator === ')'
      continue
    }
    const text = piece.isPhrase ? phrase(piece.word) : words(piece.word, expand)
    if (!text) continue
    if (needsGlue) out.push(glue)
    out.push(text)
    needsGlue = true
  }
  if (out.length === 0 || /^(AND|OR|NOT)$/.test(out.at(-1) ?? '')) {
    throw malformed('The search term ends with an operator')
  }
  return out.join(' ')
}

const clean = (text: string): string => text.replace(/["\p{Cc}\ue000-\ue002]/gu, ' ').trim()

function phrase(text: string): string {
  const words = clean(text)
  if (!/[\p{L}\p{N}]/u.test(words)) return ''
  const digits = words.replace(/\D/g, '')
  const isPhone = digits.length >= 7 && digits !== words && /^[+()\d\s./-]+$/.test(words)
  return isPhone ? `("${words}" OR "${digits}" OR phone : "${digits.slice(-10)}")` : `"${words}"`
}

/** A word without wildcards, with one at its end, or the words of the index that it fits. */
function words(text: string, expand: Expand): string {
  const open = text.replace(new RegExp(`^[${ANY}${ONE}]+`), '')
  if (!new RegExp(`[${ANY}${ONE}]`).test(open)) return phrase(open)
  const parts = open.split(new RegExp(`[^\\p{L}\\p{M}\\p{N}${ANY}${ONE}]+`, 'u')).filter(Boolean)
  const texts = parts.flatMap((part) => {
    const fixed = part.replaceAll(ANY, '').replaceAll(ONE, '')
    if (!fixed) return []
    if (part === fixed) return [`"${part}"`]
    if (part === `${fixed}${ANY}`) return [`"${fixed}"*`]
    const found = expand(part.replaceAll(ANY, '*').replaceAll(ONE, '?'))
    return [found.length ? `(${found.map((each) => `"${each}"`).join(' OR ')})` : NOTHING]
  })
  return texts.length > 1 ? `(${texts.join(' AND ')})` : (texts[0] ?? '')
}
