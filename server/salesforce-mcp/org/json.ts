import Big from 'big.js'
import { ToolFailure } from '../failure.ts'

/** JSON in which every number stays the text the org sent: `1000000.10` is not read as a float. */
export type ExactJson = string | boolean | null | ExactJson[] | { [key: string]: ExactJson }

function keepNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value
  return plainDecimal(context?.source ?? String(value))
}

/** A decimal without exponent; other texts stay as they are. */
function plainDecimal(text: string): string {
  return /[eE]/.test(text) ? new Big(text).toFixed() : text
}

/** Throws SyntaxError when `text` is not JSON. */
export function parseExact(text: string): ExactJson {
  return JSON.parse(text, keepNumber) as ExactJson
}

const rawJson = (JSON as typeof JSON & { rawJSON(text: string): object }).rawJSON

/** A JSON number with exactly these digits, for JSON.stringify. Refuses anything that is not a plain decimal. */
export function exactNumber(text: string): object {
  if (!/^-?\d{1,40}(\.\d{1,40})?$/.test(text)) throw new ToolFailure('bad-request', `"${text}" is not a decimal number`)
  return rawJson(text.replace(/^(-?)0+(?=\d)/, '$1'))
}

/** Same value in the org's eyes: decimals by amount, blank text as null, everything else by text. */
export function sameValue(a: string | boolean | null, b: string | boolean | null): boolean {
  const [left, right] = [a === '' ? null : a, b === '' ? null : b]
  if (left === right) return true
  if (typeof left !== 'string' || typeof right !== 'string') return false
  const decimal = /^-?\d+(\.\d+)?$/
  if (decimal.test(left) && decimal.test(right) && (left.includes('.') || right.includes('.'))) {
    return new Big(left).eq(right)
  }
  return sameInstant(left, right)
}

/** REST writes `…000+0000`, SOAP and people `…Z`: one instant, several texts. */
function sameInstant(a: string, b: string): boolean {
  const instant = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/
  return instant.test(a) && instant.test(b) && Date.parse(a) === Date.parse(b)
}
