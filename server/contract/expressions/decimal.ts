import Big from 'big.js'
import type { Environment } from '@marcbachmann/cel-js'

/** A number of the org in an expression: exact, never a float. */
export class Decimal {
  readonly amount: Big

  constructor(amount: Big) {
    this.amount = amount
  }

  static of(text: string): Decimal {
    return new Decimal(new Big(text))
  }
}

/** A number an expression works with: of the org, or written in it (whole numbers arrive as `bigint`, others as `number`). */
type Numeric = Decimal | bigint | number

const PLACES = 12
const Exact = Big()
Exact.DP = PLACES
Exact.RM = Big.roundHalfEven

/** The number as written: a literal such as `0.1` is taken by its shortest text, not by its binary value. */
export const amountOf = (value: Numeric): Big =>
  value instanceof Decimal ? new Exact(value.amount) : new Exact(String(value))

const TYPES = ['Decimal', 'int', 'double'] as const
const ARITHMETIC = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'div' } as const
const COMPARISONS = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const

/** Registers exact numbers: a number of the org meets others, and those written in the expression. */
export function withDecimals(environment: Environment): Environment {
  environment.registerType('Decimal', { ctor: Decimal, fields: {} })
  for (const [left, right] of pairs()) {
    for (const [sign, method] of Object.entries(ARITHMETIC)) {
      const result = (a: Numeric, b: Numeric) => new Decimal(amountOf(a)[method](amountOf(b)))
      environment.registerOperator(`${left} ${sign} ${right}`, result)
    }
    for (const [sign, method] of Object.entries(COMPARISONS)) {
      environment.registerOperator(`${left} ${sign} ${right}`, (a: Numeric, b: Numeric) =>
        amountOf(a)[method](amountOf(b)),
      )
    }
  }
  // The other order of `==` follows by itself.
  for (const type of TYPES) {
    environment.registerOperator(`Decimal == ${type}`, (a: Numeric, b: Numeric) => amountOf(a).eq(amountOf(b)))
  }
  return environment
}

const pairs = (): (readonly [string, string])[] =>
  TYPES.flatMap((type): (readonly [string, string])[] =>
    type === 'Decimal' ? [['Decimal', 'Decimal']] : [['Decimal', type] as const, [type, 'Decimal'] as const],
  )
