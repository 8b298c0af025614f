import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparedAs, sameValue, type ComparedAs, type FieldValue } from '../../server/contract/values/field-value.ts'

const CASES: [FieldValue | undefined, FieldValue | undefined, boolean, ComparedAs?][] = [
  [null, '', true],
  [undefined, null, true],
  [true, 'true', true],
  [true, 'false', false],
  [false, null, false],
  ['100', '100.0', true],
  ['1000000.10', '1000000.1', true],
  ['-0', '0', true],
  ['05.0', '5.0', false],
  ['01234', '1234', false],
  ['01234.50', '1234.5', false],
  ['1e3', '1000', false],
  ['0.1', '0.10000000000000000001', false],
  ['1.10', '1.1', true],
  ['1.10', '1.1', false, 'text'],
  ['1.10', '1.1', true, 'number'],
  ['2026-11-30T09:00:00.000+0000', '2026-11-30T09:00:00Z', true],
  ['2026-11-30T09:00:00.000+0000', '2026-11-30T09:00:01Z', false],
  ['05.0', '5.0', true, 'number'],
  ['2026-11-30T09:00:00Z', '2026-11-30T09:00:00.000Z', false, 'number'],
  ['2026-11-30T09:00:00.000+0000', '2026-11-30T09:00:00Z', true, 'time'],
  ['1.10', '1.1', false, 'time'],
  ['2026-11-30T09:00:00.000+0000', '2026-11-30T09:00:00Z', false, 'text'],
  [true, 'true', true, 'text'],
  [null, '', true, 'text'],
  ['Acme', 'ACME', false],
  ['Acme ', 'Acme', false],
]

const value: fc.Arbitrary<FieldValue | undefined> = fc.oneof(
  fc.constantFrom(undefined, null, true, false),
  fc.string({ unit: 'binary' }),
  fc.float({ noNaN: true }).map(String),
  fc.integer().map(String),
  fc.stringMatching(/^-?0?\d{1,4}\.\d{0,3}0?$/),
)

const way = fc.constantFrom<ComparedAs | null>('number', 'time', 'text', null)

describe('the same value', () => {
  it.each(CASES)('of %j and %j is %s, compared as %s', (a, b, same, as) => {
    expect(sameValue(a, b, as ?? null)).toBe(same)
    expect(sameValue(b, a, as ?? null)).toBe(same)
  })

  it('holds for every value and itself, and both ways round', () => {
    fc.assert(
      fc.property(value, value, way, (a, b, as) => {
        expect(sameValue(a, a, as)).toBe(true)
        expect(sameValue(a, b, as)).toBe(sameValue(b, a, as))
      }),
    )
  })

  it('of two texts known to be text holds only for the same text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
        expect(sameValue(a, b, 'text')).toBe(a === b)
      }),
    )
  })
})

describe('how values of a field are compared', () => {
  it.each([
    ['double', 'number'],
    ['int', 'number'],
    ['long', 'number'],
    ['currency', 'number'],
    ['percent', 'number'],
    ['datetime', 'time'],
    ['date', 'text'],
    ['boolean', 'text'],
    ['string', 'text'],
    ['textarea', 'text'],
    ['picklist', 'text'],
    ['reference', 'text'],
    ['phone', 'text'],
  ] as const)('of type %s is as %s', (type, as) => {
    expect(comparedAs(type)).toBe(as)
  })
})
