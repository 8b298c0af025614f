import Big from 'big.js'
import { ToolFailure } from '../failure/failure.ts'

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
