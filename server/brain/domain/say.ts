// Phrases about records: their names and values in pieces that each reader may or may not see.
import type { FieldValue } from '../../contract/change-set.ts'
import type { Phrase, Shown } from './phrase.ts'
import type { NamedRecord } from './proposal.ts'

/** Longest line the Explain rail shows. */
export const LINE = 90

/** A record's name, shown to those who may read the record. */
export function nameOf(record: NamedRecord): Shown {
  return { text: record.name, record: { object: record.object, id: record.id } }
}

/** A field's value, shown to those who may read record and field. */
export function valueOf(record: NamedRecord, field: string, value: FieldValue): Shown {
  return {
    text: value === null ? '(blank)' : String(value),
    record: { object: record.object, id: record.id },
    field: `${record.object}.${field}`,
  }
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(pieces: readonly (string | Shown)[]): (string | Shown)[] {
  return pieces.flatMap((piece, index) => {
    if (index === 0) return [piece]
    return [index === pieces.length - 1 ? ' and ' : ', ', piece]
  })
}

const lengthOf = (phrase: Phrase) =>
  phrase.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece : piece.text).length, 0)

/** The phrase at most `limit` characters long: names and values are shortened, the longest first; the words around them stay. */
export function fit(phrase: Phrase, limit: number = LINE): Phrase {
  const pieces = [...phrase]
  for (let tooLong = lengthOf(pieces) - limit; tooLong > 0; tooLong = lengthOf(pieces) - limit) {
    const longest = pieces.reduce<{ index: number; shown: Shown } | null>((found, piece, index) => {
      if (typeof piece === 'string') return found
      return found && found.shown.text.length >= piece.text.length ? found : { index, shown: piece }
    }, null)
    if (!longest || longest.shown.text.length <= 8) return pieces
    pieces[longest.index] = { ...longest.shown, text: shortened(longest.shown.text, longest.shown.text.length - 1) }
  }
  return pieces
}

/** Text of at most `length` characters that says it was cut. */
function shortened(text: string, length: number): string {
  const kept = text.endsWith('…') ? text.slice(0, -1) : text
  return `${[...kept]
    .slice(0, Math.max(1, length - 1))
    .join('')
    .trimEnd()}…`
}

/** A name of at most so many words, for sentences with a word limit. */
export function inWords(shown: Shown, words: number): Shown {
  const all = shown.text.split(/\s+/)
  return all.length <= words ? shown : { ...shown, text: `${all.slice(0, words).join(' ')}…` }
}
