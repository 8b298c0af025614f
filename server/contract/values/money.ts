// Amounts of money as integers of millionths: 1.5 euro are 1,500,000. No amount is ever a fraction of a number.

/** A decimal as people write it, with at most nine digits before the point and six after it. */
export const DECIMAL = /^(\d{1,9})(?:\.(\d{1,6}))?$/

/** Millionths of a decimal text. Throws RangeError unless it matches `DECIMAL`. */
export function microsOf(decimal: string): number {
  const [, whole, places = ''] = DECIMAL.exec(decimal) ?? []
  if (whole === undefined) throw new RangeError(`${decimal} is no amount with at most six places`)
  return Number(whole) * 1_000_000 + Number(places.padEnd(6, '0'))
}

/** The decimal text of millionths, with at least two places: `1.50`, `0.000125`. */
export function decimalOf(micros: number): string {
  const whole = Math.floor(micros / 1_000_000)
  const places = String(micros % 1_000_000).padStart(6, '0')
  return `${whole}.${places.replace(/0{1,4}$/, '')}`
}

/** Prices of a model, in millionths of the currency per million tokens. */
export interface TokenPrice {
  input: number
  output: number
  /** ISO 4217. */
  currency: string
}

const MILLION = 1_000_000n

/** Millionths that tokens cost, rounded up. */
export function costOf(price: TokenPrice, tokens: { input: number; output: number }): number {
  const exact = BigInt(price.input) * BigInt(tokens.input) + BigInt(price.output) * BigInt(tokens.output)
  return Number((exact + MILLION - 1n) / MILLION)
}

/** How many tokens can be answered with for so many millionths. */
export function tokensFor(price: TokenPrice, micros: number): number {
  if (price.output === 0) return Number.MAX_SAFE_INTEGER
  return Number((BigInt(Math.max(0, micros)) * MILLION) / BigInt(price.output))
}
