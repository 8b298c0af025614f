// Money is counted in whole millionths: nothing is lost to fractions, and sums are exact.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costOf, decimalOf, microsOf, tokensFor } from '../../server/contract/values/money.ts'

const price = (input: string, output: string) => ({ input: microsOf(input), output: microsOf(output), currency: 'EUR' })

describe('an amount', () => {
  it.each([
    ['0', 0, '0.00'],
    ['1', 1_000_000, '1.00'],
    ['2.5', 2_500_000, '2.50'],
    ['0.000125', 125, '0.000125'],
    ['0.1', 100_000, '0.10'],
    ['999999999.999999', 999_999_999_999_999, '999999999.999999'],
  ])('%s is %i millionths, shown as %s', (text, micros, shown) => {
    expect(microsOf(text)).toBe(micros)
    expect(decimalOf(micros)).toBe(shown)
  })

  it.each(['', '-1', '1,5', '1.', '.5', '1e3', '0.1234567', '1 ', '1000000000', 'NaN'])('is not %j', (text) => {
    expect(() => microsOf(text)).toThrow(RangeError)
  })

  it('is the same after it was shown and read', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }).map(Number), (micros) => {
        expect(microsOf(decimalOf(micros))).toBe(micros)
      }),
    )
  })
})

describe('what tokens cost', () => {
  it.each([
    ['2.50', '10.00', 1_000_000, 1_000_000, '12.50'],
    ['2.50', '10.00', 1000, 200, '0.0045'],
    ['0.15', '0.60', 1, 0, '0.000001'],
    ['0', '0', 5000, 5000, '0.00'],
    ['999999999', '999999999', 1_000_000, 0, '999999999.00'],
  ])('at %s and %s per million: %i in and %i out are %s', (input, output, given, answered, cost) => {
    expect(decimalOf(costOf(price(input, output), { input: given, output: answered }))).toBe(cost)
  })

  const prices = fc.record({
    input: fc.integer({ min: 0, max: 1e9 }),
    output: fc.integer({ min: 1, max: 1e9 }),
    currency: fc.constant('EUR'),
  })
  it('is never below the exact amount, nor a millionth above; and what may be answered with never costs more than is left', () => {
    const tokens = fc.record({ input: fc.integer({ min: 0, max: 1e7 }), output: fc.integer({ min: 0, max: 1e7 }) })
    fc.assert(
      fc.property(prices, tokens, fc.integer({ min: 0, max: 1e9 }), (at, used, left) => {
        const exact = BigInt(at.input) * BigInt(used.input) + BigInt(at.output) * BigInt(used.output)
        const cost = BigInt(costOf(at, used)) * 1_000_000n
        expect(cost >= exact && cost - exact < 1_000_000n).toBe(true)
        const most = tokensFor(at, left)
        expect(costOf(at, { input: 0, output: most })).toBeLessThanOrEqual(left)
        expect(BigInt(most + 1) * BigInt(at.output) > BigInt(left) * 1_000_000n).toBe(true)
      }),
    )
  })

  it('bounds nothing where answers are free, and everything where nothing is left', () => {
    expect(tokensFor(price('1', '0'), 5)).toBe(Number.MAX_SAFE_INTEGER)
    expect(tokensFor(price('1', '1'), -5)).toBe(0)
  })
})
