import { expect, test } from '@jest/globals'
import { markInvisible, markInvisibleIn } from 'c/visibleText'
import fc from 'fast-check'

test.each([
  ['a right-to-left override', 'a\u202ecod', 'a⟦U+202E⟧cod'],
  ['isolates', '\u2066a\u2069', '⟦U+2066⟧a⟦U+2069⟧'],
  ['a zero-width space', 'Ac\u200bme', 'Ac⟦U+200B⟧me'],
  ['a byte order mark', '\ufeffAcme', '⟦U+FEFF⟧Acme'],
  ['a soft hyphen', 'Ac\u00adme', 'Ac⟦U+00AD⟧me'],
  ['tag characters', 'ok\u{e0049}\u{e0067}', 'ok⟦U+E0049⟧⟦U+E0067⟧'],
  ['variation selectors', 'a\ufe0f\u{e0100}', 'a⟦U+FE0F⟧⟦U+E0100⟧'],
  ['a Hangul filler', '\u3164', '⟦U+3164⟧'],
  ['a blank braille pattern', '\u2800', '⟦U+2800⟧'],
  ['controls', 'a\u0000b\u001bc\u0085', 'a⟦U+0000⟧b⟦U+001B⟧c⟦U+0085⟧'],
  ['a carriage return alone', 'a\rb', 'a⟦U+000D⟧b'],
  ['a line separator', 'a\u2028b', 'a⟦U+2028⟧b'],
  ['half of a pair', 'a\ud83cb', 'a⟦U+D83C⟧b'],
  ['a hair space', 'a\u200ab', 'a⟦U+200A⟧b'],
  ['line breaks and tabs, which show', 'a\nb\r\nc\td', 'a\nb\r\nc\td'],
  ['letters, accents, ideographs, emoji', 'Ångström 株式会社\u3000東京 أحمد 🎯', 'Ångström 株式会社\u3000東京 أحمد 🎯'],
  ['what looks like a marker', '⟦U+202E⟧ ⟦a⟧', '⟦U+27E6⟧U+202E⟧ ⟦a⟧'],
])('%s', (_case, text, expected) => {
  expect(markInvisible(text)).toBe(expected)
})

test('two texts look the same only when they are the same', () => {
  const character = fc.constantFrom('a', '\u202e', '\u200b', '⟦', 'U', '+', '2', '0', 'E', 'B', '⟧')
  const text = fc.string({ unit: character, maxLength: 12 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(markInvisible(a) === markInvisible(b)).toBe(a === b)
    }),
    { numRuns: 2_000 },
  )
})

test('nothing default-ignorable is left in any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(markInvisible(text)).not.toMatch(/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u)
    }),
  )
})

test('every text of an answer is marked, but for what is hashed or signed', () => {
  const leaves = [{ path: '/operations/0/fields/Name/to', salt: 'salt', value: 'a\u202eb' }]
  const answer = { sentence: 'a\u202eb', rows: [{ names: ['\u200b'] }], count: 1, none: null, leaves }
  expect(markInvisibleIn(answer)).toEqual({
    sentence: 'a⟦U+202E⟧b',
    rows: [{ names: ['⟦U+200B⟧'] }],
    count: 1,
    none: null,
    leaves,
  })
})
