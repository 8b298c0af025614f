// A field's value, and when two texts of it are one value to the org, which writes numbers, times and blanks in several ways.
import Big from 'big.js'
import { z } from 'zod'
import { assertNever } from './assert-never.ts'
import { millisOf } from './instant.ts'

/** A field value in the form the org stores; numbers are decimal strings so that nothing is rounded on the way. */
export const FieldValue = z.union([z.string().max(131_072), z.boolean(), z.null()])
export type FieldValue = z.infer<typeof FieldValue>

/** How two values of a field are compared: by amount, as instants, or letter by letter. */
export const ComparedAs = z.enum(['number', 'time', 'text'])
export type ComparedAs = z.infer<typeof ComparedAs>

/** How the values of each field are compared, by object and field. */
export const FieldTypes = z.record(z.string(), z.record(z.string(), ComparedAs))
export type FieldTypes = z.infer<typeof FieldTypes>

/** Field types of a describe whose values are numbers. */
export const NUMERIC_TYPES: ReadonlySet<string> = new Set(['double', 'int', 'currency', 'percent', 'long'])

/** How values are compared of a field that a describe gives this type. */
export function comparedAs(type: string): ComparedAs {
  if (NUMERIC_TYPES.has(type)) return 'number'
  return type === 'datetime' ? 'time' : 'text'
}

/** A number as an org writes it: no leading zeros, no exponent. `01234` is a postal code. */
const NUMBER = /^-?(0|[1-9]\d{0,39})(\.\d{1,40})?$/
/** What salesforce-mcp writes into a number field. */
const DECIMAL = /^-?\d{1,40}(\.\d{1,40})?$/

/**
 * True when the org holds the same in both. Blank text is null; `true` and `"true"` are one checkbox, read over REST and SOAP.
 * Values of a `number` are compared by amount (`100` and `100.0` are one), of a `time` as instants, of a `text` letter by letter.
 * With null, for a field of which no describe is at hand, two texts that an org could have written for a number are compared by
 * amount, and two times as instants.
 */
export function sameValue(a: FieldValue | undefined, b: FieldValue | undefined, as: ComparedAs | null): boolean {
  const [x, y] = [textOf(a), textOf(b)]
  if (x === y) return true
  if (x === null || y === null) return false
  switch (as) {
    case 'text':
      return false
    case 'number':
      return sameAmount(x, y, DECIMAL)
    case 'time':
      return sameInstant(x, y)
    case null:
      return sameAmount(x, y, NUMBER) || sameInstant(x, y)
    default:
      return assertNever(as)
  }
}

const sameAmount = (x: string, y: string, shape: RegExp): boolean => shape.test(x) && shape.test(y) && new Big(x).eq(y)

function sameInstant(x: string, y: string): boolean {
  const [first, second] = [millisOf(x), millisOf(y)]
  return first !== null && first === second
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
