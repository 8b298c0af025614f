// Phrases about records: their names and values in pieces that each reader may or may not see.
import type { FieldValue } from '../../contract/values/field-value.ts'
import { characterCount, shortened } from '../../contract/values/text.ts'
import type { Phrase, Shown } from './phrase.ts'
import type { NamedRecord } from './proposal.ts'

/** Longest line the Explain rail shows. */
const LINE = 90

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

const textOf = (piece: string | Shown) => (typeof piece === 'string' ? piece : piece.text)
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

/** A name or value shortened below this can no longer be recognised. */
const SHORTEST = 8

/**
 * The phrase in at most `limit` characters: names and values are shortened, the longest first; the words around them stay as
 * long as that is enough.
 */
export function fit(phrase: Phrase, limit: number = LINE): Phrase {
  const counts = phrase.map((piece) => characterCount(textOf(piece)))
  if (sum(counts) <= limit) return phrase.map(wellFormed)
  const targets = lowerTheLongest(phrase, counts, limit)
  const pieces = phrase.map((piece, index) => cutTo(piece, targets[index] ?? 0))
  return sum(targets) <= limit ? pieces : cutAtTheEnd(pieces, limit)
}

/** Lengths that add up to the limit: the longest name gives way until it is as short as the next. */
function lowerTheLongest(phrase: Phrase, counts: readonly number[], limit: number): number[] {
  const targets = [...counts]
  for (let over = sum(targets) - limit; over > 0; over -= 1) {
    let longest = -1
    for (const [index, piece] of phrase.entries()) {
      if (typeof piece !== 'string' && (targets[index] ?? 0) > (targets[longest] ?? SHORTEST)) longest = index
    }
    if (longest === -1) return targets
    targets[longest] = (targets[longest] ?? 0) - 1
  }
  return targets
}

function cutAtTheEnd(phrase: Phrase, limit: number): Phrase {
  let room = limit
  const kept: (string | Shown)[] = []
  for (const piece of phrase) {
    if (room === 0) break
    const cut = cutTo(piece, room)
    kept.push(cut)
    room -= Math.min(room, characterCount(textOf(piece)))
  }
  return kept
}

const cutTo = (piece: string | Shown, most: number): string | Shown =>
  typeof piece === 'string' ? shortened(piece, most) : { ...piece, text: shortened(piece.text, most) }

const wellFormed = (piece: string | Shown): string | Shown =>
  typeof piece === 'string' ? piece.toWellFormed() : { ...piece, text: piece.text.toWellFormed() }

/** A name of at most so many words, for sentences with a word limit. */
export function inWords(shown: Shown, words: number): Shown {
  const all = shown.text.toWellFormed().split(/\s+/)
  const text = all.length <= words ? shown.text : `${all.slice(0, words).join(' ')}…`
  return { ...shown, text: text.toWellFormed() }
}
