import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOfAccount } from '../../../server/brain/matching/facts/company-facts.ts'
import { judge, scoreOf } from '../../../server/brain/matching/judge.ts'
import { nameProbability } from '../../../server/brain/matching/names/name-alone.ts'
import { compareNames } from '../../../server/brain/matching/names/name-likeness.ts'
import { companyName } from '../../../server/brain/matching/normal-forms/company-name.ts'
import { webAddressesOf } from '../../../server/brain/matching/normal-forms/domain.ts'
import { phonesOf } from '../../../server/brain/matching/normal-forms/phone.ts'
import { dunsOf, isPlaceholderName } from '../../../server/brain/matching/normal-forms/placeholder.ts'

type Pairs = Record<string, [string, string][]>
const { same, other } = JSON.parse(readFileSync('test/brain/matching/kinds.json', 'utf8')) as {
  same: Pairs
  other: Pairs
}
const names = [...Object.values(same), ...Object.values(other)].flat(2)
const rows = (pairs: Pairs) =>
  Object.entries(pairs).flatMap(([kind, list]) => list.map(([a, b]) => [kind, a, b] as const))

describe('two names', () => {
  it.each(rows(same))('are one by %s: %s, %s', (_kind, a, b) => {
    const { likeness, conflict } = compareNames(companyName(a), companyName(b))
    expect(['exact', 'close', 'acronym']).toContain(likeness)
    expect(conflict).toBeNull()
    expect(nameProbability(companyName(a), companyName(b))).toBeGreaterThan(0.5)
  })

  it.each(rows(other))('are two by %s: %s, %s', (_kind, a, b) => {
    const { likeness, conflict } = compareNames(companyName(a), companyName(b))
    expect(conflict !== null || likeness === 'different').toBe(true)
    expect(nameProbability(companyName(a), companyName(b))).toBeLessThan(0.5)
  })

  it('are compared alike whichever comes first, in any script', () => {
    const name = fc.oneof(
      fc.constantFrom(...names),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 6 })).map(([a, b]) => a + b),
    )
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [x, y] = [companyName(a), companyName(b)]
        const [forth, back] = [compareNames(x, y), compareNames(y, x)]
        expect(back.likeness).toBe(forth.likeness)
        expect(back.logit).toBeCloseTo(forth.logit, 9)
        expect(back.conflict?.code).toBe(forth.conflict?.code)
      }),
      { numRuns: 300 },
    )
  })

  it('are the same as themselves unless they are placeholders', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), (name) => {
        expect(compareNames(companyName(name), companyName(name)).likeness).toBe('exact')
      }),
    )
  })
})

describe('two accounts', () => {
  const base = {
    Name: 'Velmont Ovens',
    Website: 'velmont.com',
    Phone: '+1 617 555 0142',
    BillingStreet: '5 Bay St',
    BillingCity: 'Boston',
    BillingState: 'MA',
    BillingPostalCode: '02110',
    BillingCountry: 'US',
  }
  const fields = Object.keys(base).filter((field) => field !== 'Name') as (keyof typeof base)[]

  it('become no less alike by a fact that agrees', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom(...names),
        fc.subarray(fields),
        fc.constantFrom(...fields),
        (nameA, nameB, given, more) => {
          const values = (extra: readonly string[]) =>
            Object.fromEntries(extra.map((field) => [field, base[field as keyof typeof base]]))
          const score = (extra: readonly string[]) => {
            const facts = values(extra)
            return judge(
              factsOfAccount('001A', { Name: nameA, ...facts }),
              factsOfAccount('001B', { Name: nameB, ...facts }),
            )
          }
          const [before, after] = [score(given.filter((field) => field !== more)), score([...given, more])]
          // A website shared by two names is a reason of its own; a town may turn out to be part of a name.
          if (after.verdict === 'different' || before.verdict === 'different') return
          expect(scoreOf(after)).toBeGreaterThanOrEqual(scoreOf(before) - 1e-9)
        },
      ),
      { numRuns: 400 },
    )
  })

  it.each([
    ['phone and street against them', { Phone: '+1 617 555 0999', BillingStreet: '900 Oak Ave' }],
    ['another town', { BillingCity: 'Worcester', BillingStreet: '900 Oak Ave', BillingPostalCode: '01602' }],
    ['another D-U-N-S number', { DunsNumber: '061234562' }],
  ])('with one name and site are never strong with %s', (_title, change) => {
    const judgement = judge(
      factsOfAccount('001A', { ...base, DunsNumber: '081466849' }),
      factsOfAccount('001B', { ...base, ...change }),
    )
    expect(judgement.verdict === 'same' && judgement.band === 'strong').toBe(false)
  })
})

describe('what is typed for want of a fact', () => {
  it.each([
    'N/A',
    '-',
    '???',
    '[not provided]',
    'Self-Employed',
    'TEST account 2',
    'tbd',
    'xxxx',
    'Неизвестно',
    '個人',
    'keine Angabe',
  ])('%s is no company', (text) => {
    expect(isPlaceholderName(text)).toBe(true)
  })

  it.each(['Test Valley Brewery', 'Unknown Worlds Games', 'NA Kim Tailors', 'Individual Foods', 'X'])(
    '%s is one',
    (text) => {
      expect(isPlaceholderName(text)).toBe(false)
    },
  )

  it.each([
    ['999999999', null],
    ['000000000', null],
    ['123456789', null],
    ['08-146-6849', '081466849'],
    ['12345', null],
    [null, null],
  ])('%j is the D-U-N-S number %j', (text, duns) => {
    expect(dunsOf(text)).toBe(duns)
  })
})

describe('a field', () => {
  it.each([
    ['406-555-0128 / 406-555-0129', 'US', ['+14065550128', '+14065550129']],
    ['213/848-6677', 'US', ['+12138486677']],
    ['00441174960130', null, ['+441174960130']],
    ['+44 (0)117 496 0130', null, ['+441174960130']],
    ['(415) 555-0134 ext. 12', 'US', ['+14155550134']],
    ['555-555-5555', 'US', []],
    ['0117 4960130; 0117 4960131', 'GB', ['+441174960130', '+441174960131']],
  ])('of telephones %j in %s has %j', (text, country, numbers) => expect(phonesOf(text, country)).toEqual(numbers))

  it.each([
    ['https://https://velmont.com', [{ domain: 'velmont.com', section: null, page: null }]],
    [
      'www.velmont.com; www.velmont.co.uk',
      [
        { domain: 'velmont.com', section: null, page: null },
        { domain: 'velmont.co.uk', section: null, page: null },
      ],
    ],
    ['https://press.velmont.edu', [{ domain: 'velmont.edu', section: 'press', page: null }]],
    ['velmont.gov/police', [{ domain: 'velmont.gov', section: 'police', page: null }]],
    [
      'https://www.facebook.com/VelmontOvens/',
      [{ domain: 'facebook.com', section: null, page: 'facebook.com/velmontovens' }],
    ],
    ['müller-öfen.de', [{ domain: 'xn--mller-fen-57a4d.de', section: null, page: null }]],
    ['n/a', []],
  ])('of websites %j has %j', (text, addresses) => expect(webAddressesOf(text)).toEqual(addresses))
})
