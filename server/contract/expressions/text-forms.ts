// Functions that tidy a text: blanks, capitals, its last word.
import { textOf } from './text-of.ts'
import type { Register } from './register.ts'

const tidy = (value: unknown): string =>
  textOf(value)
    .replaceAll(/[\s\u00A0]+/gu, ' ')
    .trim()

/** Blank texts stay blank. */
export function withTextForms(register: Register): void {
  register('tidy(dyn): string', tidy)
  register('titleCase(dyn): string', (value: unknown) => titleCase(tidy(value)))
  register('lastWord(dyn): string', (value: unknown) => tidy(value).split(' ').at(-1) ?? '')
  register('withoutLastWord(dyn): string', (value: unknown) =>
    tidy(value).split(' ').slice(0, -1).join(' ').replace(/,$/, ''),
  )
}

/**
 * A text in capitals alone, or without any, with a capital at each word; every other stays: its writer chose. A word of up to
 * three letters in capitals stays as well, since it may be an abbreviation.
 */
function titleCase(text: string): string {
  const isShouted = text === text.toUpperCase() && text !== text.toLowerCase()
  const isWhispered = text === text.toLowerCase() && text !== text.toUpperCase()
  if (!isShouted && !isWhispered) return text
  return text
    .split(' ')
    .map((word) => (isShouted && (word.match(/\p{L}/gu) ?? []).length <= 3 ? word : capitalised(word)))
    .join(' ')
}

/** Each part of a word that begins a name: `O’NEIL-SMITH` is `O’Neil-Smith`. */
const capitalised = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll(/(^|[-/&(’'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
