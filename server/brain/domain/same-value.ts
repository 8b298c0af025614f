// Whether two values are the same to the org, which writes numbers, times and blanks in more than one way.
import Big from 'big.js'
import type { FieldValue } from '../../contract/change-set.ts'
import { millisOf } from './instant.ts'

const DECIMAL = /^-?\d{1,40}(\.\d{1,40})?$/

export function sameValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  const [x, y] = [plain(a), plain(b)]
  if (x === y) return true
  if (x === null || y === null) return false
  if (DECIMAL.test(x) && DECIMAL.test(y)) return isCanonicalNumber(x) && isCanonicalNumber(y) && new Big(x).eq(y)
  const [first, second] = [millisOf(x), millisOf(y)]
  return first !== null && first === second
}

/** Text such as a postal code `01234` is not the number 1234. */
const isCanonicalNumber = (text: string) => /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)

function plain(value: FieldValue | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  return String(value)
}

/** The same letters and digits in the same order: only spaces, punctuation or capitals differ. */
export function onlyFormattingDiffers(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  const [x, y] = [plain(a), plain(b)].map((text) => text?.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  return x !== undefined && x !== '' && x === y
}
