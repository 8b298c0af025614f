import { describe, expect, it } from 'vitest'
import { seed } from '../../../server/practice-org/seed/seed.ts'
import { inScript } from '../../../server/practice-org/seed/scripts.ts'
import { openHouse } from './house.ts'

const OPTIONS = { size: 600, seed: 7, now: '2026-11-18T12:00:00.000Z' }

function seeded() {
  const house = openHouse()
  const truth = seed(house.org, OPTIONS)
  const names = house.rows('SELECT Id, Name, Website, Phone, BillingCity, OwnerId FROM Account ORDER BY Id')
  return { truth, names: names.map(({ attributes: _, ...row }) => row) }
}
const first = seeded()

describe('the seed', () => {
  it('gives the same records and the same truth from the same number', () => {
    expect(seeded()).toEqual(first)
  })

  it('tells duplicates and acquisitions apart, each of records that exist', () => {
    const { truth, names } = first
    const known = new Set(names.map((row) => row['Id']))
    expect(truth.duplicates.length).toBeGreaterThan(20)
    expect(truth.acquisitions.length).toBeGreaterThan(4)
    for (const id of truth.duplicates.flat()) expect(known.has(id)).toBe(true)
    const families = truth.duplicates.map((ids) => new Set(ids))
    for (const { buyer, bought } of truth.acquisitions) {
      expect(known.has(buyer) && known.has(bought)).toBe(true)
      expect(families.some((family) => family.has(buyer) && family.has(bought))).toBe(false)
    }
  })

  it('spells names in several scripts and damages them in many ways', () => {
    const all = first.names.map((row) => String(row['Name'])).join('\n')
    for (const script of [/\p{Script=Katakana}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u])
      expect(all).toMatch(script)
    expect(all).toMatch(/DO NOT USE|\(dup\)/)
    expect(first.names.some((row) => String(row['Phone']).includes('ext.'))).toBe(true)
  })
})

it.each([
  ['katakana', 'Amber Line 2', 'アンベル・リネ・2'],
  ['cyrillic', 'Amber Line', 'Амбер Лине'],
  ['greek', 'Aster Foods', 'Αστερ Φοοντς'],
] as const)('writes a name in %s', (script, name, expected) => {
  expect(inScript(name, script)).toBe(expected)
})
