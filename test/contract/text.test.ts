import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { characterCount, firstCharacters, fittingField, oneLine, shortened } from '../../server/contract/values/text.ts'
import { fit, inWords } from '../../server/brain/domain/say.ts'
import type { Phrase, Shown } from '../../server/brain/domain/phrase.ts'

const FAMILY = '👨‍👩‍👧‍👦'
const MARKED = `e${'\u0301'.repeat(500)}`

/** Texts as people and attackers write them: emoji, flags, marks without end, half pairs, right-to-left overrides. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('🎯', FAMILY, '𠮷', '🇩🇪', '\u202e', '\ud83c', '\udfaf', '\u0301', ' ', 'a'),
    maxLength: 300,
  }),
)
const limit = fc.integer({ min: 1, max: 120 })
const shown = text.map((value): Shown => ({ text: value, record: { object: 'Account', id: '001000000000001AAA' } }))
const phrase: fc.Arbitrary<Phrase> = fc.array(fc.oneof(text, shown), { maxLength: 6 })
const plain = (pieces: Phrase) => pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('')

describe('characters, as people count them', () => {
  it.each([
    ['a', 1],
    [FAMILY, 1],
    ['🎯🎯', 2],
    ['𠮷野家', 3],
    ['🇩🇪🇫🇷', 2],
    ['\r\n', 1],
    ['', 0],
  ])('are counted in %j as %i', (value, count) => {
    expect(characterCount(value)).toBe(count)
  })

  it('a letter under 500 marks counts as several', () => {
    expect(characterCount(MARKED)).toBeGreaterThan(10)
  })

  it('a name that fits stays as it is', () => {
    expect(shortened('Brightwater Logistics', 21)).toBe('Brightwater Logistics')
    expect(shortened('Brightwater Logistics', 12)).toBe('Brightwater…')
    expect(shortened(FAMILY.repeat(4), 3)).toBe(`${FAMILY.repeat(2)}…`)
    expect(oneLine(' two\n lines ', 20)).toBe('two lines')
    expect(fittingField('ab🎯', 3)).toBe('ab')
  })
})

describe('every function that cuts', () => {
  it('ends, is never longer than its limit, and stays well-formed', () => {
    fc.assert(
      fc.property(text, limit, (value, most) => {
        for (const cut of [firstCharacters, shortened, oneLine]) {
          const result = cut(value, most)
          expect(result.isWellFormed()).toBe(true)
          expect(characterCount(result)).toBeLessThanOrEqual(most)
        }
        const field = fittingField(value, most)
        expect(field.isWellFormed()).toBe(true)
        expect(field.length).toBeLessThanOrEqual(most)
      }),
      { numRuns: 300 },
    )
  })

  it('fits any phrase into any line', () => {
    fc.assert(
      fc.property(phrase, limit, (pieces, most) => {
        const line = plain(fit(pieces, most))
        expect(line.isWellFormed()).toBe(true)
        expect(characterCount(line)).toBeLessThanOrEqual(most)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps a phrase that is short enough to the letter', () => {
    fc.assert(
      fc.property(phrase, (pieces) => {
        const line = plain(pieces)
        // Halves of one character in two pieces are well-formed together only.
        fc.pre(pieces.every((piece) => plain([piece]).isWellFormed()))
        expect(plain(fit(pieces, 10_000))).toBe(line)
      }),
    )
  })

  it('keeps words whole and well-formed', () => {
    fc.assert(
      fc.property(shown, fc.integer({ min: 1, max: 12 }), (name, words) => {
        const kept = inWords(name, words).text
        expect(kept.isWellFormed()).toBe(true)
        expect(kept.split(/\s+/).length).toBeLessThanOrEqual(Math.max(words, 1))
      }),
    )
  })

  it.each([
    ['48 emoji', '🎯'.repeat(48)],
    ['80 letters and two emoji', `${'a'.repeat(80)}🎯🎯`],
    ['Japanese characters beyond the first plane', '𠮷野家'.repeat(40)],
    ['families', FAMILY.repeat(60)],
    ['a letter under marks', MARKED],
  ])('a line about a company called %s ends', (_what, company) => {
    const line = plain(fit(['No account is the same company as ', { text: company }]))
    expect(characterCount(line)).toBeLessThanOrEqual(90)
    expect(line.startsWith('No account is the same company as ')).toBe(true)
  })
})
