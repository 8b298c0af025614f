// The one place that measures and cuts text. The unit is the grapheme cluster (Unicode UAX #29): what a person sees as one
// character. Code units would cut an emoji in half, and half a surrogate pair has no canonical JSON.
import { splitGraphemes } from 'unicode-segmenter/grapheme'

/** A cluster can carry any number of combining marks: one longer than this counts, and is cut, as several. */
const MOST_UNITS_IN_A_CLUSTER = 32

function* charactersOf(text: string): Generator<string> {
  for (const cluster of splitGraphemes(text)) {
    if (cluster.length <= MOST_UNITS_IN_A_CLUSTER) yield cluster
    else yield* piecesOf(cluster)
  }
}

function* piecesOf(cluster: string): Generator<string> {
  let piece = ''
  for (const codePoint of cluster) {
    if (piece.length + codePoint.length > MOST_UNITS_IN_A_CLUSTER) {
      yield piece
      piece = ''
    }
    piece += codePoint
  }
  yield piece
}

/** Length of a text in characters as a person counts them. */
export function characterCount(text: string): number {
  return charactersOf(text).reduce((count) => count + 1, 0)
}

/** The text's first `most` characters, well-formed; the text itself where it is no longer. */
export function firstCharacters(text: string, most: number): string {
  let kept = ''
  let count = 0
  for (const character of charactersOf(text)) {
    if (count === most) break
    kept += character
    count += 1
  }
  return kept.toWellFormed()
}

/** The text in at most `most` characters (1 or more), ending with an ellipsis where something was left out. */
export function shortened(text: string, most: number): string {
  const kept = firstCharacters(text, most)
  if (kept.length === text.length) return kept
  return `${firstCharacters(kept, most - 1).trimEnd()}…`
}

/** The text on one line, its white space folded, in at most `most` characters. */
export function oneLine(text: string, most: number): string {
  return shortened(text.replace(/\s+/g, ' ').trim(), most)
}

/**
 * The text in at most `most` UTF-16 code units, cut between characters: what a Salesforce text field of that length holds.
 * A first character that alone is longer leaves nothing.
 */
export function fittingField(text: string, most: number): string {
  let kept = ''
  for (const character of charactersOf(text)) {
    if (kept.length + character.length > most) break
    kept += character
  }
  return kept.toWellFormed()
}
