// A field's value, and when two texts of it are one value to the org, which writes numbers, times and blanks in several ways.
import Big from 'big.js'
import { z } from 'zod'
import { millisOf } from './instant.ts'

/** A field value in the form the org stores; numbers are decimal strings so that nothing is rounded on the way. */
export const FieldValue = z.union([z.string().max(131_072), z.boolean(), z.null()])
export type FieldValue = z.infer<typeof FieldValue>

/** What a describe says of a field's type, as far as comparing needs it. */
export type ComparedAs = 'number' | 'text'

/** A number as an org writes it: no leading zeros, no exponent. `01234` is a postal code. */
const NUMBER = /^-?(0|[1-9]\d{0,39})(\.\d{1,40})?$/

/**
 * Whether the org holds the same in both. Blank text is null; `true` and `"true"` are one checkbox, read over REST and SOAP;
 * times are compared as instants. Numbers are compared by amount: `100` and `100.0` are one. Without a type, only texts that an
 * org could have written for a number count as numbers; of a field known as `text`, `1.10` and `1.1` differ.
 */
export function sameValue(a: FieldValue | undefined, b: FieldValue | undefined, as: ComparedAs | null = null): boolean {
  const [x, y] = [textOf(a), textOf(b)]
  if (x === y) return true
  if (x === null || y === null || as === 'text') return false
  if (NUMBER.test(x) && NUMBER.test(y)) return new Big(x).eq(y)
  const [first, second] = [millisOf(x), millisOf(y)]
  return as !== 'number' && first !== null && first === second
}

/** The same letters and digits in the same order: only spaces, punctuation or capitals differ. */
export function onlyFormattingDiffers(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  const [x, y] = [textOf(a), textOf(b)].map((text) => text?.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  return x !== undefined && x !== '' && x === y
}

export function isBlank(value: FieldValue | undefined): boolean {
  return textOf(value) === null
}

/** A checkbox that is checked, read over REST or SOAP. */
export function isTrue(value: FieldValue | undefined): boolean {
  return value === true || value === 'true'
}

function textOf(value: FieldValue | undefined): string | null {
  return value === undefined || value === null || value === '' ? null : String(value)
}
