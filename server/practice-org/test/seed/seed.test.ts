import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SAMPLE } from '../../src/content/sample.ts'
import { brandOf } from '../../src/seed/brand.ts'
import { seed } from '../../src/seed/seed.ts'
import { inScript } from '../../src/seed/scripts.ts'
import { openHouse } from '../support/engine-harness.ts'

const NOW = '2026-11-18T12:00:00.000Z'
const OBJECTS = ['Account', 'Contact', 'AccountContactRelation', 'Opportunity', 'Case', 'Task', 'Lead']
const PLANTED = SAMPLE.stories.flatMap((story) => story.accounts).length

function seeded(size: number, number = 7) {
  const house = openHouse()
  const truth = seed(house.org, { content: SAMPLE, size, seed: number, now: NOW })
  const all = (object: string) => house.org.tables.select(`SELECT * FROM "${object}" ORDER BY _n`)
  const count = (soql: string) => house.org.query(house.as('admin'), soql).totalSize
  return { house, truth, all, count, print: () => print([truth, ...OBJECTS.map(all)]) }
}
const print = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')

const small = seeded(300)
const large = seeded(5000)
const names = large.all('Account').map((row) => row.join('\n'))

describe('the seed', () => {
  it('gives the same bytes and the same truth from the same number and size', () => {
    expect(seeded(300).print()).toBe(small.print())
  })

  it('gives another org from another number', () => {
    expect(seeded(300, 8).print()).not.toBe(small.print())
  })

  it.each([
    [300, small],
    [5000, large],
  ])('makes exactly %i accounts besides the planted stories', (size, { count }) => {
    expect(count('SELECT count() FROM Account')).toBe(size + PLANTED)
  })

  it('surrounds accounts with contacts, deals, cases, tasks and leads in fair proportions', () => {
    const per = (object: string) => large.count(`SELECT count() FROM ${object}`) / 5000
    expect(per('Contact')).toBeGreaterThan(1.2)
    expect(per('Contact')).toBeLessThan(3)
    for (const [object, share] of [
      ['Opportunity', 0.45],
      ['Case', 0.15],
      ['Task', 0.25],
      ['Lead', 0.3],
    ] as const)
      expect(Math.abs(per(object) - share)).toBeLessThan(0.05)
  })

  it('hires more sellers as the org grows', () => {
    expect(large.count("SELECT count() FROM User WHERE Username LIKE 'seller%'")).toBe(2)
    expect(small.count("SELECT count() FROM User WHERE Username LIKE 'seller%'")).toBe(0)
  })

  it('never gives two companies one brand', () => {
    const brands = new Set(Array.from({ length: 50_000 }, (_, n) => brandOf(n * 19).name))
    expect(brands.size).toBe(50_000)
  })
})

describe('the truth about a seed', () => {
  const { truth } = large
  const groupOf = new Map(truth.duplicates.flatMap((ids, group) => ids.map((id): [string, number] => [id, group])))
  const known = new Set(large.house.org.tables.select('SELECT "Id" FROM "Account"').map(([id]) => String(id)))
  const areOne = (a: string, b: string) => groupOf.has(a) && groupOf.get(a) === groupOf.get(b)
  const pairs = (ids: string[]) => ids.slice(1).map((id): [string, string] => [ids[0]!, id])

  it('names records that exist', () => {
    const named = [
      ...truth.duplicates.flat(),
      ...truth.franchises.flat(),
      ...truth.families.flatMap(({ parent, children }) => [parent, ...children]),
      ...truth.acquisitions.flatMap(({ buyer, bought }) => [buyer, bought]),
      ...Object.values(truth.sharedDomains).flat(),
      ...truth.leads.map(({ account }) => account),
    ]
    expect(named.length).toBeGreaterThan(1500)
    expect(named.filter((id) => !known.has(id))).toEqual([])
  })

  it('puts each account into one company', () => {
    expect(groupOf.size).toBe(truth.duplicates.flat().length)
    expect(truth.duplicates.length).toBeGreaterThan(200)
  })

  it('tells the members of families, franchises, sales and shared sites apart', () => {
    const related = [
      ...truth.franchises.flatMap(pairs),
      ...truth.families.flatMap(({ parent, children }) => pairs([parent, ...children])),
      ...truth.acquisitions.map(({ buyer, bought }): [string, string] => [buyer, bought]),
      ...Object.values(truth.sharedDomains).flatMap(pairs),
    ]
    expect(related.length).toBeGreaterThan(300)
    expect(related.filter(([a, b]) => areOne(a, b))).toEqual([])
  })

  it('shows in the records: a franchise has one site, a family its parent, a guest the host', () => {
    const site = (id: string) => {
      const [row] = large.house.rows(`SELECT Website, ParentId FROM Account WHERE Id = '${id}'`)
      return row!
    }
    for (const outlets of truth.franchises.slice(0, 5))
      expect(new Set(outlets.map((id) => String(site(id)['Website']))).size).toBeLessThanOrEqual(2)
    const linked = truth.families.flatMap(({ parent, children }) =>
      children.filter((id) => site(id)['ParentId'] === parent),
    )
    expect(linked.length).toBeGreaterThan(30)
    for (const [host, guests] of Object.entries(truth.sharedDomains))
      expect(guests.filter((id) => String(site(id)['Website']).includes(host)).length).toBeGreaterThan(0)
  })
})

describe('the names and addresses of a seed', () => {
  it.each(['Katakana', 'Han', 'Hangul', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew'])(
    'are written in %s, too',
    (script) => {
      const letters = new RegExp(`\\p{Script=${script}}{3}`, 'u')
      expect(names.filter((row) => letters.test(row)).length).toBeGreaterThan(20)
    },
  )

  it('have the accents of their languages', () => {
    expect(names.filter((row) => /[éöñłřşåøã]/i.test(row)).length).toBeGreaterThan(500)
  })

  it('come from many countries', () => {
    expect(large.count('SELECT BillingCountry FROM Account GROUP BY BillingCountry')).toBeGreaterThan(25)
  })

  it.each([
    ['a mark of the person who found it', /DO NOT USE|\(dup\)|\*\*\*/],
    ['capitals', /\n[A-Z &]{12,}\n/],
    ['an extension', /ext\. \d/],
    ['a filler', /\n(n\/a|TBD|unknown)\n/],
    ['letters read in the wrong encoding', /Ã|Ð|Î|Ù/],
    ['an entity of a page', /&amp;/],
    ['an earlier brand', /\(now /],
    ['a legal form spelled out', /Incorporated|Gesellschaft mbH|Limited\n/],
  ])('are damaged by %s', (_, sign) => {
    expect(names.some((row) => sign.test(row))).toBe(true)
  })
})

it.each([
  ['katakana', 'Amber Line 2', 'アンベル・リネ・2'],
  ['cyrillic', 'Amber Line', 'Амбер Лине'],
  ['greek', 'Aster Foods', 'Αστερ Φοοντς'],
  ['han', 'Mila Foods', '米拉福奥德斯'],
  ['hangul', 'Mina Lamp', '미나 람프'],
  ['arabic', 'Shamal', 'شامال'],
  ['hebrew', 'Shalom', 'שאלום'],
] as const)('writes a name in %s', (script, name, expected) => {
  expect(inScript(name, script)).toBe(expected)
})
