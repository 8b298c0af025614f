// The kinds of damage real CRMs show, done to a company that somebody enters a second time.
import { phoneIn, type Company, type Row } from './account.ts'
import { brandOf } from './brand.ts'
import type { Chance } from '../org/chance.ts'

const SPELLED_OUT: Record<string, string> = {
  Inc: 'Incorporated',
  Corp: 'Corporation',
  Ltd: 'Limited',
  LLC: 'L.L.C.',
  GmbH: 'Gesellschaft mbH',
  AG: 'Aktiengesellschaft',
  'Pty Ltd': 'Proprietary Limited',
  'Pvt Ltd': 'Private Limited',
  KK: 'Kabushiki Kaisha',
}
const SHORT: [string, string][] = [
  ['Logistics', 'Log.'],
  ['Instruments', 'Instr.'],
  ['Construction', 'Constr.'],
  ['Insurance', 'Ins.'],
  ['Chemicals', 'Chem'],
  ['Software', 'SW'],
  ['Engineering', 'Eng.'],
  ['Electronics', 'Elec.'],
  ['International', 'Intl'],
  ['Consulting', 'Cons.'],
]
/** What people type where a form insists on something. */
const FILLERS = ['n/a', 'N/A', 'unknown', 'TBD', '-', '.', 'xxx']
const FILLER_PHONES = ['0000000000', '1111111', '123456', 'n/a', '+1 000 000 0000']
const FILLER_SITES = ['http://', 'www.none.example', 'n/a', 'https://example.example']

/** Two neighbouring letters change places, as fingers do. */
function mistyped(text: string, chance: Chance): string {
  const at = chance.between(1, Math.max(1, text.length - 3))
  return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2)
}
function withoutLetter(text: string, chance: Chance): string {
  const at = chance.between(1, Math.max(1, text.length - 2))
  return text.slice(0, at) + text.slice(at + 1)
}
function withLetterTwice(text: string, chance: Chance): string {
  const at = chance.between(1, Math.max(1, text.length - 2))
  return text.slice(0, at) + text.charAt(at) + text.slice(at)
}

/** UTF-8 read as Latin-1 somewhere on the way. */
const misread = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss')
/** Letters an old export could not write. */
const lost = (text: string): string => text.replace(/[^ -~]/g, '?')
const shortened = (text: string): string => SHORT.reduce((name, [long, short]) => name.replace(long, short), text)
const initials = (text: string): string =>
  text
    .split(/[ &]+/)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')

/** One way each to write a company's name wrong, or merely otherwise. */
const NAMES: ((company: Company, chance: Chance) => string)[] = [
  ({ brand }) => brand,
  ({ name }) => name,
  ({ brand }) => brand.toUpperCase(),
  ({ brand }) => brand.toLowerCase(),
  ({ name }) => name.toUpperCase(),
  ({ brand, suffix }) => `${brand}, ${suffix}.`,
  ({ brand, suffix }) => `${brand} ${SPELLED_OUT[suffix] ?? suffix}`,
  ({ brand, suffix }) => `${brand} (${suffix})`,
  ({ brand }) => `The ${brand} Company`,
  ({ brand }) => `${brand} (dup)`,
  ({ brand }) => `${brand} - OLD`,
  ({ brand }) => `*** ${brand} ***`,
  ({ brand }) => `ZZ ${brand} - DO NOT USE`,
  ({ brand }) => `${brand} test`,
  ({ brand, place }) => `${brand} - ${place.city}`,
  ({ brand, place }) => `${brand} ${place.country}`,
  ({ brand }) => brand.replace(/ /g, '  '),
  ({ brand }) => brand.replace(/ /g, ''),
  ({ brand }) => (brand.includes('&') ? brand.replace('&', 'and') : `${brand}.`),
  ({ name }) => name.replace('&', '&amp;'),
  ({ brand }, chance) => mistyped(brand, chance),
  ({ brand }, chance) => withoutLetter(brand, chance),
  ({ brand }, chance) => withLetterTwice(brand, chance),
  ({ brand }) => shortened(brand),
  ({ brand }) => brand.slice(0, Math.max(8, brand.length - 4)),
  ({ brand }) => `${initials(brand)} ${brand.split(' ').at(-1) ?? ''}`,
  ({ name }) => plain(name),
  ({ name }) => misread(name),
  ({ brand, name }) => (name.startsWith(brand) ? brand : lost(`${brand} / ${name}`)),
  ({ domain }) => domain,
  // The brand before the last one: only its address, its site or its telephone gives it away.
  ({ brand }, chance) => `${brandOf(chance.between(0, 900_000)).name} (now ${brand})`,
  (_, chance) => brandOf(chance.between(0, 900_000)).name,
]

function damagedWebsite({ domain }: Company, chance: Chance): string {
  return chance.pick([
    domain,
    `http://${domain}/`,
    `www.${domain}`,
    `https://shop.${domain}`,
    `info@${domain}`,
    `HTTPS://WWW.${domain.toUpperCase()}/contact`,
    `https://www.${domain}/?utm_source=newsletter`,
    `http:/${domain}`,
    chance.pick(FILLER_SITES),
  ])
}

function damagedPhone(phone: string, company: Company, chance: Chance): string {
  const digits = phone.replace(/\D/g, '')
  return chance.pick([
    phone,
    phone.replace(/ /g, ''),
    phone.replace(/ /g, '-'),
    phone.replace(/ /g, '.'),
    `00${digits}`,
    `${phone} ext. ${chance.between(1, 99)}`,
    `(${phone.slice(phone.indexOf(' ') + 1)})`,
    // A number from before they moved, and one that was cut off.
    phoneIn(company.place, chance),
    phone.slice(0, -2),
    chance.pick(FILLER_PHONES),
  ])
}

const damagedStreet = (street: string, chance: Chance): string =>
  chance.pick([
    street,
    plain(street),
    street.toUpperCase(),
    street.replace('Street', 'St').replace('Avenue', 'Ave.').replace('straße', 'str.'),
    `${street}, Suite ${chance.between(1, 40)}00`,
    `PO Box ${chance.between(100, 9999)}`,
    chance.pick(FILLERS),
  ])

/** The same company entered again by somebody in a hurry, or by a machine that knew no better. */
export function damaged(row: Row, company: Company, chance: Chance): Row {
  const text = (field: string) => String(row[field] ?? '')
  const city = text('BillingCity')
  const swapped = chance.in100(4)
  const phone = chance.in100(70) ? damagedPhone(text('Phone'), company, chance) : null
  const faxed = phone !== null && chance.in100(6)
  const state = chance.in100(5) ? chance.pick(FILLERS) : (row['BillingState'] ?? null)
  // A name that gives nothing away leaves a site or a number that does.
  const name = chance.pick(NAMES)(company, chance)
  const website = chance.in100(80) ? damagedWebsite(company, chance) : null
  const told = phone?.includes(company.phone) || website?.toLowerCase().includes(company.domain)
  return {
    ...row,
    Name: name,
    Website: told ? website : company.domain,
    Phone: faxed ? null : phone,
    Fax: faxed ? phone : null,
    BillingStreet: chance.in100(60) ? damagedStreet(text('BillingStreet'), chance) : null,
    BillingCity: swapped ? state : chance.pick([city, plain(city), misread(city), city.toUpperCase(), null]),
    BillingState: swapped ? city : state,
    BillingPostalCode: chance.in100(60) ? chance.pick([text('BillingPostalCode'), '00000', '99999']) : null,
    BillingCountry: chance.in100(85) ? (row['BillingCountry'] ?? null) : null,
    AnnualRevenue: chance.in100(5) ? 1 : (row['AnnualRevenue'] ?? null),
    Description: chance.in100(4) ? 'Imported from the old system. Please check!!' : null,
  }
}
