import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf } from '../../../server/brain/matching/normal-forms/address.ts'
import { companyName } from '../../../server/brain/matching/normal-forms/company-name.ts'
import { countryCode } from '../../../server/brain/matching/normal-forms/country.ts'
import { domainOf, isSharedDomain } from '../../../server/brain/matching/normal-forms/domain.ts'
import { phoneOf } from '../../../server/brain/matching/normal-forms/phone.ts'
import { words } from '../../../server/brain/matching/normal-forms/ascii-words.ts'

describe('a company name in normal form', () => {
  it.each([
    ['Acme Corp', 'acme'],
    ['ACME, Inc.', 'acme'],
    ['The Acme Company', 'acme'],
    ['Müller & Söhne GmbH & Co. KG', 'muller sohne'],
    ['Société Générale S.A.', 'societe generale'],
    ['Grupo Bimbo S.A. de C.V.', 'grupo bimbo'],
    ['Toyota 株式会社', 'toyota'],
    ['Atlassian Pty Ltd', 'atlassian'],
    ['Infosys Pvt. Ltd.', 'infosys'],
    ['Acme Corp (dup)', 'acme'],
    ['O’Reilly Media Inc', 'oreilly media'],
    ['Company', ''],
    ['Bank of America', 'bank of america'],
    ['', ''],
  ])('of %j is %j', (raw, core) => expect(companyName(raw).core).toBe(core))

  it('keeps what the name says about country, legal form and structure', () => {
    expect(companyName('Acme UK Ltd')).toMatchObject({ core: 'acme', countries: ['GB'] })
    expect(companyName('Acme Holding GmbH')).toMatchObject({ core: 'acme', structure: ['holding'] })
    expect(companyName('Acme GmbH').formCountries).toEqual(['AT', 'CH', 'DE', 'LI'])
    expect(companyName('Acme EMEA').regions).toEqual(['emea'])
  })

  it('does not change when it is normalised again', () => {
    const part = fc.constantFrom(
      'acme',
      'the',
      'inc',
      'co',
      'and',
      'uk',
      'holding',
      'gmbh',
      'of',
      'S.A.',
      'de',
      'cv',
      '12',
      'Ünited',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.array(part).map((all) => all.join(' ')),
        ),
        (raw) => {
          const { core } = companyName(raw)
          expect(companyName(core).core).toBe(core)
        },
      ),
    )
  })
})

describe('a domain', () => {
  it.each([
    ['https://www.acme.co.uk/about?x=1', 'acme.co.uk'],
    ['ACME.com', 'acme.com'],
    ['lee@mail.acme.com', 'acme.com'],
    ['acme', null],
    ['http://10.0.0.1', null],
    [null, null],
  ])('of %j is %j', (text, domain) => expect(domainOf(text)).toBe(domain))

  it('proves nothing when it belongs to a mail provider or a site builder', () => {
    expect(['gmail.com', 'wixsite.com', 'facebook.com'].every(isSharedDomain)).toBe(true)
    expect(isSharedDomain('acme.com')).toBe(false)
  })

  it('a domain of a site under a builder is that site', () =>
    expect(domainOf('https://acme.github.io')).toBe('acme.github.io'))
})

describe('a phone number', () => {
  it.each([
    ['(415) 555-0134', 'US', '+14155550134'],
    ['+1 415.555.0134', null, '+14155550134'],
    ['089 2000 4400', 'DE', '+498920004400'],
    ['+49 (0)89 2000-4400', 'US', '+498920004400'],
    ['000 000 0000', 'US', null],
    ['1234567890', 'US', null],
    ['n/a', 'US', null],
  ])('written %j in %s is %j', (text, country, number) => expect(phoneOf(text, country)).toBe(number))
})

describe('an address', () => {
  it('is the same however streets, states and countries are spelt', () => {
    const a = addressOf({
      street: '88 Mission Street, Suite 4',
      city: 'San Francisco',
      state: 'California',
      postalCode: '94105-1234',
      country: 'USA',
    })
    const b = addressOf({
      street: '88 Mission St.',
      city: 'SAN FRANCISCO',
      state: 'CA',
      postalCode: '941051234',
      country: 'United States',
    })
    expect(a).toEqual({ ...b, unit: 'ste 4' })
  })

  it('takes the country from an American state when none is given', () =>
    expect(addressOf({ street: null, city: null, state: 'MA', postalCode: null, country: null }).country).toBe('US'))

  it('reads a German street with or without the long s', () => {
    const street = (text: string) =>
      addressOf({ street: text, city: null, state: null, postalCode: null, country: null }).street
    expect(street('Sendlinger Straße 3')).toBe(street('Sendlinger Str. 3'))
    expect(street('Hauptstraße 3')).toBe(street('Hauptstr. 3'))
  })

  it.each([
    ['Deutschland', 'DE'],
    ['U.S.A.', 'US'],
    ['Great Britain', 'GB'],
    ['Atlantis', null],
  ])('is in the country %j: %j', (text, code) => expect(countryCode(text)).toBe(code))
})

describe('words', () => {
  it('are ASCII, in lower case, and stay as they are when taken again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = words(text)
        expect(words(once.join(' '))).toEqual(once)
        for (const word of once) expect(word).toMatch(/^[a-z0-9]+$/)
      }),
    )
  })
})
