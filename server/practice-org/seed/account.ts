import type { Value } from '../org.ts'
import type { Chance } from './chance.ts'
import { inScript } from './scripts.ts'
import { FIRST_PARTS, PLACES, SECOND_PARTS, TRADES, type Place } from './words.ts'

export type Row = Record<string, Value>

/** What a company is, before anyone typed it into a CRM. */
export interface Company {
  /** In Latin letters, without legal form. */
  brand: string
  /** As the company writes itself: in its country's script, with its legal form where it belongs. */
  name: string
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
  const suffix = chance.pick(place.suffix)
  return {
    brand,
    name: nameIn(place, brand, suffix, chance),
    suffix,
    industry: trade.industry,
    domain: `${slug(brand)}.example`,
    place,
    extension: String(chance.between(1000, 9999)),
    street: `${chance.between(1, 990)} ${place.street}`,
  }
}

/** Most companies abroad write themselves in their own script, some in Latin letters; 株式会社 may stand in front. */
function nameIn({ script }: Place, brand: string, suffix: string, chance: Chance): string {
  if (!script || chance.in100(40)) return `${brand} ${suffix}`
  const local = inScript(brand, script)
  if (script !== 'katakana') return `${local} ${suffix}`
  return suffix === 'KK' ? `${local} ${suffix}` : chance.pick([`${suffix}${local}`, `${local}${suffix}`])
}

/** A company as a careful person enters it. */
export function accountRow(company: Company, ownerId: string, createdDate: string): Row {
  return {
    Name: company.name,
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
