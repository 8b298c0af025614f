import data from '../data/placeholders.json' with { type: 'json' }
import { plainWord } from './accents.ts'
import { byBars } from './listed.ts'
import { namedWords } from './name-word.ts'

const COMPANIES = new Set(data.companies.flatMap(byBars))
const PHONES = new Set(data.phones)

/** True for what is typed where no company is known: `N/A`, `[not provided]`, `Self-Employed`, `-`, `???`. */
export function isPlaceholderName(text: string): boolean {
  const plain = namedWords(text).map(plainWord)
  if (plain.length === 0) return true
  const name = plain.join(' ')
  if (COMPANIES.has(name) || COMPANIES.has(plain.join(''))) return true
  return (
    /^(?:test|dummy|sample|demo) ?(?:account|company|lead|record|customer)?s? ?\d*$/.test(name) ||
    /^(.)\1{2,}$/u.test(name)
  )
}

/** True for digits that fill a required field: all equal, counting up or down. */
export function isPlaceholderNumber(digits: string): boolean {
  if (digits === '' || new Set(digits).size === 1) return true
  const tail = digits.slice(-10)
  return new Set(tail).size === 1 || PHONES.has(tail) || (digits.length >= 7 && '01234567890123456789'.includes(digits))
}

/** The nine digits of a D-U-N-S number; null when there are not nine, or they fill a field. */
export function dunsOf(text: string | null): string | null {
  const digits = (text ?? '').replaceAll(/\D/g, '')
  return digits.length === 9 && !isPlaceholderNumber(digits) ? digits : null
}
