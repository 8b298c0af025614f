import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDocument } from '../../../server/brain/knowledge/document.ts'
import {
  meaningOf,
  phrasesIn,
  phraseTable,
  type PhraseTable,
} from '../../../server/brain/knowledge/tables/phrase-table.ts'

const read = (body: string) =>
  phraseTable(parseDocument(`---\ndocument: phrases\ntitle: Phrases\n---\n\n## Outcomes\n\n${body}\n`), 'Outcomes')
const TABLE = `| Phrases | → Outcome | → Next step |
| - | - | - |
| we signed; contract is signed | Won | Send welcome pack |
| went with another vendor; chose someone else | Lost | |
| call me next week | | Call again |`
function tableOf(body: string): PhraseTable {
  const table = read(body)
  if ('faults' in table) throw new Error(JSON.stringify(table.faults))
  return table
}
const table = tableOf(TABLE)
const said = (text: string) => meaningOf(table, phrasesIn(table, text)).outputs

describe('A phrase table', () => {
  test.for<[string, string | null, string | null]>([
    ['Good news: we signed yesterday!', 'Won', 'Send welcome pack'],
    ['GOOD NEWS – WE SIGNED', 'Won', 'Send welcome pack'],
    ['Wesigned nothing', null, null],
    ['We have not signed.', null, null],
    ['It is not true that we signed', null, null],
    ['It was not as quick as we had hoped, but we signed', 'Won', 'Send welcome pack'],
    ['They never said we signed', null, null],
    ['The contract isn’t ready. Call me next week', null, 'Call again'],
    ['Sadly they chose someone else', 'Lost', null],
    ['We signed. On Monday they chose someone else.', null, 'Send welcome pack'],
    ['Thanks!\n\nOn Mon, 3 Nov 2026, Ada wrote:\n> we signed', null, null],
    ['> we signed\nCall me next week', null, 'Call again'],
    ['', null, null],
  ])('takes “%s” for outcome %s, next step %s', ([text, outcome, nextStep]) => {
    expect(said(text)).toEqual({ outcome, nextStep })
  })

  test('says where two rows contradict each other, and chooses neither', () => {
    const hits = phrasesIn(table, 'We signed. They chose someone else.')
    expect(meaningOf(table, hits).conflicts).toEqual([{ output: 'outcome', rows: [1, 2] }])
  })

  test.for<[string, string]>([
    ['| → Outcome |\n| - |\n| x |', '8: a phrase table has one column “Phrases”'],
    ['| Phrases |\n| - |\n| we signed |', '8: no column gives anything: write an output as “→ Outcome”'],
    ['| Phrases | Outcome |\n| - | - |\n| we signed | Won |', '8: Outcome: an output is written as “→ Outcome”'],
    ['| Phrases | → Outcome |\n| - | - |\n| ; | Won |', '10: this row names no phrase'],
    ['| Phrases | → Outcome |\n| - | - |\n| ok | Won |', '10: “ok” is too short: it stands in too many texts'],
    [
      '| Phrases | → Outcome |\n| - | - |\n| we won | Won |\n| We won! | Lost |',
      '11: “we won” stands in row 1 already',
    ],
  ])('with a fault is refused with its line: %s', ([body, fault]) => {
    const found = read(body)
    expect('faults' in found && found.faults.map(({ line, message }) => `${line}: ${message}`)).toEqual([fault])
  })

  test('reads any text in time, and finds only phrases of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) =>
        phrasesIn(table, text).every(({ row }) => row >= 1 && row <= 3),
      ),
    )
    const start = performance.now()
    phrasesIn(table, 'we '.repeat(200_000))
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})
