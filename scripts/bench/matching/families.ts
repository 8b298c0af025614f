// Companies that look like one and are several.
import type { Chance } from './chance.ts'
import { domainFor, inventCompany, inventDuns, phoneIn, place, type Company } from './company.ts'
import { misspelt } from './typing.ts'
import { SURNAMES, townsOf } from './vocabulary.ts'

type Family = (company: Company, chance: Chance) => Company[]

/** Another company of these words behind the same address, telephone and site. */
const withWords = (company: Company, words: string[], chance: Chance): Company => ({
  ...company,
  words,
  duns: inventDuns(chance),
  otherName: null,
})

/** Another company of the same name and site in another town. */
function elsewhere(company: Company, chance: Chance): Company {
  const towns = townsOf(company.country).filter(({ name }) => name !== company.town.name)
  const town = towns.length > 0 ? chance.pick(towns) : company.town
  const reach = { ...place(chance, company.country, town), phone: phoneIn(chance, company.country, town) }
  return { ...company, town, ...reach, duns: inventDuns(chance), otherName: null }
}

/** Another company of these words in the same town, with an address, a telephone and a site of its own. */
function ownReach(company: Company, chance: Chance, words: string[]): Company {
  const { country, town } = company
  const reach = {
    ...place(chance, country, town),
    phone: phoneIn(chance, country, town),
    domain: ownDomain(chance, words, country),
  }
  return { ...withWords(company, words, chance), ...reach }
}

/** A domain that no namesake has. */
const ownDomain = (chance: Chance, words: readonly string[], country: string): string =>
  domainFor(chance, words, country).replace('.', `${chance.pick(SURNAMES).toLowerCase()}${chance.below(90)}.`)

const BODIES =
  'Foundation|Credit Union|Employees Association|Holdings|Leasing|Press|Police Department|Alumni Association|Scholarship Fund|Pension Trust|Museum|Public Library|Housing Authority'.split(
    '|',
  )
const HOUSES =
  'Capital Ventures|Foods Logistics|Hotels Realty|Insurance Bank|Media Energy|Robotics Biotech|Aviation Marine'.split(
    '|',
  )
const SIDES = 'East West|North South|Upper Lower|Eastside Westside|Northern Southern'.split('|')
const KINDS =
  'Men’s Women’s|Boys Girls|Adult Children’s|Junior Senior|Wholesale Retail|Residential Commercial|Day Night'.split('|')

/** Numbered or lettered funds or units of one house. */
const numbered: Family = (one, chance) => {
  const series = chance.pick(['Fund', 'Unit', 'Series', 'Partners', 'Local'])
  const style = chance.pick([
    ['I', 'II', 'III', 'IV'],
    ['1', '2', '3', '4'],
    ['One', 'Two', 'Three', 'Four'],
    ['A', 'B', 'C', 'D'],
  ])
  return style.slice(0, 2 + chance.below(3)).map((number) => withWords(one, [...one.words, series, number], chance))
}

const stores: Family = (one, chance) =>
  [1, 2, 3].map((step) => ({
    ...ownReach(one, chance, [...one.words, '#', String(step * (1 + chance.below(90)))]),
    domain: one.domain,
  }))

const sides: Family = (one, chance) =>
  chance
    .pick(SIDES)
    .split(' ')
    .map((side) => ({ ...ownReach(one, chance, [...one.words, side]), domain: one.domain }))

const kinds: Family = (one, chance) =>
  chance
    .pick(KINDS)
    .split(' ')
    .map((kind) => withWords(one, [one.words[0] ?? '', kind, ...one.words.slice(1)], chance))

/** Outlets: one name, one site, several towns; at times one telephone. */
const outlets: Family = (one, chance) => {
  const shared = chance.happens(0.3)
  return [one, elsewhere(one, chance), elsewhere(one, chance)].map((each) =>
    shared ? { ...each, phone: one.phone } : each,
  )
}

const outletsByName: Family = (one, chance) =>
  [one, elsewhere(one, chance)].map((each) => withWords(each, [...each.words, '-', each.town.name], chance))

const body: Family = (one, chance) => [one, withWords(one, [...one.words, ...chance.pick(BODIES).split(' ')], chance)]

const houses: Family = (one, chance) =>
  chance
    .pick(HOUSES)
    .split(' ')
    .map((house) => withWords(one, [one.words[0] ?? '', house], chance))

const namesakeElsewhere: Family = (one, chance) => {
  const other = elsewhere(one, chance)
  return [one, { ...other, domain: ownDomain(chance, one.words, one.country) }]
}

const namesakeAbroad: Family = (one, chance) => {
  const other = inventCompany(
    chance,
    chance.pick(['GB', 'DE', 'AU', 'FR', 'CA'].filter((country) => country !== one.country)),
  )
  return [
    one,
    {
      ...other,
      words: one.words,
      otherName: null,
      domain: chance.happens(0.5) ? one.domain : ownDomain(chance, one.words, other.country),
    },
  ]
}

const namesakeInTown: Family = (one, chance) => [one, ownReach(one, chance, one.words)]

/** One letter apart, in one town. */
const nearSurnames: Family = (one, chance) => {
  const name = chance.pick(SURNAMES)
  const near =
    SURNAMES.find((other) => other !== name && other.slice(0, 4) === name.slice(0, 4)) ?? misspelt(chance, name)
  return [name, near].map((word) => ownReach(one, chance, [word, ...one.words.slice(1)]))
}

const initials: Family = (one, chance) => {
  const letters = [...'ABCDEFGHKLMNPRST']
  const [x, y, p, q] = [chance.pick(letters), chance.pick(letters), chance.pick(letters), chance.pick(letters)]
  return [x + y + p, x + y + (p === q ? 'Z' : q)].map((name) => ownReach(one, chance, [name, ...one.words.slice(-1)]))
}

const tenants: Family = (one, chance) =>
  [1, 2, 3].map(() => {
    const street = { ...one.street, unit: 1 + chance.below(3_000) }
    return { ...inventCompany(chance, one.country), street, postal: one.postal, town: one.town }
  })

const customersOfReseller: Family = (one, chance) =>
  [1, 2, 3].map(() => ({ ...inventCompany(chance, one.country), domain: one.domain }))

const callCentre: Family = (one, chance) =>
  [1, 2, 3].map(() => ({ ...inventCompany(chance, one.country), phone: one.phone }))

const households: Family = (one, chance) => {
  const name = chance.pick(SURNAMES)
  return [1, 2].map(() => ({ ...ownReach(one, chance, [name, 'Household']), form: [''], domain: '' }))
}

const congregations: Family = (one, chance) => {
  const words = chance
    .pick(['First Baptist Church', 'Saint Mark Lutheran Church', 'Grace Chapel', 'Temple Beth Shalom'])
    .split(' ')
  return [1, 2].map(() => ({ ...ownReach(one, chance, words), form: [''], domain: '' }))
}

/** Every kind of look-alike; each is drawn equally often. */
export const FAMILIES: readonly Family[] = [
  numbered,
  stores,
  sides,
  kinds,
  outlets,
  outletsByName,
  body,
  houses,
  namesakeElsewhere,
  namesakeAbroad,
  namesakeInTown,
  nearSurnames,
  initials,
  tenants,
  customersOfReseller,
  callCentre,
  households,
  congregations,
]
