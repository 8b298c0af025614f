import type { Value } from '../org.ts'
import type { Chance } from './chance.ts'
import { FIRST_PARTS, PLACES, SECOND_PARTS, TRADES, type Place } from './words.ts'

export type Row = Record<string, Value>

/** What a company is, before anyone typed it into a CRM. */
export interface Company {
  brand: string
  suffix: string
  industry: string
  domain: string
  place: Place
  /** Last four digits of the switchboard. */
  extension: string
  street: string
}

const slug = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '')
    .toLowerCase()

/** The n-th company of an org: no two share brand or domain. */
export function companyOf(n: number, chance: Chance): Company {
  const first = FIRST_PARTS[n % FIRST_PARTS.length]!
  const second = SECOND_PARTS[Math.floor(n / FIRST_PARTS.length) % SECOND_PARTS.length]!
  const trade = TRADES[Math.floor(n / (FIRST_PARTS.length * SECOND_PARTS.length)) % TRADES.length]!
  const series = Math.floor(n / (FIRST_PARTS.length * SECOND_PARTS.length * TRADES.length))
  const place = chance.pick(PLACES)
  const brand = `${first}${second} ${trade.word}${series > 0 ? ` ${series + 1}` : ''}`
  return {
    brand,
    suffix: chance.pick(place.suffix),
    industry: trade.industry,
    domain: `${slug(brand)}.example`,
    place,
    extension: String(chance.between(1000, 9999)),
    street: `${chance.between(1, 990)} ${place.street}`,
  }
}

/** A company as a careful person enters it. */
export function accountRow(company: Company, ownerId: string, createdDate: string): Row {
  return {
    Name: `${company.brand} ${company.suffix}`,
    Website: `https://www.${company.domain}`,
    Phone: `${company.place.phone}${company.extension}`,
    Industry: company.industry,
    BillingStreet: company.street,
    BillingCity: company.place.city,
    BillingState: company.place.state,
    BillingPostalCode: company.place.postalCode,
    BillingCountry: company.place.country,
    Region__c: company.place.territory,
    OwnerId: ownerId,
    CreatedDate: createdDate,
    LastModifiedDate: createdDate,
  }
}

/** The same company entered again by somebody in a hurry: the damage real CRMs show. */
export function damaged(row: Row, company: Company, chance: Chance): Row {
  const names = [
    company.brand,
    company.brand.toUpperCase(),
    `${company.brand}, ${company.suffix}.`,
    `${company.brand} (dup)`,
    company.brand.replace(/ /g, '  '),
  ]
  const websites = [
    company.domain,
    `http://${company.domain}/`,
    `www.${company.domain}`,
    `HTTPS://WWW.${company.domain.toUpperCase()}/contact`,
  ]
  const phone = String(row.Phone)
  return {
    ...row,
    Name: chance.pick(names),
    Website: chance.in100(85) ? chance.pick(websites) : null,
    Phone: chance.in100(70) ? chance.pick([phone.replace(/ /g, ''), phone.replace(/ /g, '-'), phone]) : null,
    BillingStreet: chance.in100(60) ? row.BillingStreet! : null,
    BillingPostalCode: chance.in100(60) ? row.BillingPostalCode! : null,
  }
}
