import type { Value } from '../org/values.ts'
import { brandOf } from './brand.ts'
import type { Chance } from '../org/chance.ts'
import { inScript, JOINED_SCRIPTS } from './scripts.ts'
import { PLACES, type Place } from './words.ts'

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
  phone: string
  street: string
}

const slug = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/&/g, 'and')
    .replace(/[^A-Za-z0-9]+/g, '')
    .toLowerCase()

const domainOf = (brand: string): string => `${slug(brand)}.example`

/** A number of the place's switchboards. */
export const phoneIn = (place: Place, chance: Chance): string =>
  place.phone.replace(/#/g, () => String(chance.between(0, 9)))

const streetIn = ({ streets, script }: Place, chance: Chance): string => {
  const [street, number] = [chance.pick(streets), chance.between(1, 990)]
  return script ? `${street} ${number}` : `${number} ${street}`
}

/** The n-th company of an org: no two share brand or domain. */
export function companyOf(n: number, chance: Chance): Company {
  const { name: brand, industry } = brandOf(n)
  return settled({ brand, industry, domain: domainOf(brand) }, chance.pick(PLACES), chance)
}

/** A company of that brand at a place, with a name, a street and a telephone of its own. */
export function settled(
  { brand, industry, domain }: Pick<Company, 'brand' | 'industry' | 'domain'>,
  place: Place,
  chance: Chance,
): Company {
  const { name, suffix } = nameIn(place, brand, chance)
  return {
    brand,
    name,
    suffix,
    industry,
    domain,
    place,
    phone: phoneIn(place, chance),
    street: streetIn(place, chance),
  }
}

/** Most companies abroad write themselves in their own script, some in Latin letters; 株式会社 may stand in front. */
function nameIn(place: Place, brand: string, chance: Chance): { name: string; suffix: string } {
  const { script } = place
  const abroad = place.abroad ?? place.suffix
  if (!script || chance.in100(40)) {
    const suffix = chance.pick(script ? abroad : place.suffix)
    return { name: `${brand} ${suffix}`, suffix }
  }
  const suffix = chance.pick(place.suffix)
  const local = inScript(brand, script)
  if (!JOINED_SCRIPTS.has(script)) return { name: `${local} ${suffix}`, suffix }
  const inFront = script !== 'han' && chance.in100(50)
  return { name: inFront ? `${suffix}${local}` : `${local}${suffix}`, suffix }
}

/** A company as a careful person enters it. */
export function accountRow(company: Company, ownerId: string, createdDate: string, territoryField: string | null): Row {
  return {
    Name: company.name,
    Website: `https://www.${company.domain}`,
    Phone: company.phone,
    Industry: company.industry,
    BillingStreet: company.street,
    BillingCity: company.place.city,
    BillingState: company.place.state,
    BillingPostalCode: company.place.postalCode,
    BillingCountry: company.place.country,
    ...(territoryField === null ? {} : { [territoryField]: company.place.territory }),
    OwnerId: ownerId,
    CreatedDate: createdDate,
    LastModifiedDate: createdDate,
  }
}
