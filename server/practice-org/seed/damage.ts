// The kinds of damage real CRMs show, done to a company that somebody enters a second time.
import type { Company, Row } from './account.ts'
import type { Chance } from './chance.ts'

const SPELLED_OUT: Record<string, string> = {
  Inc: 'Incorporated',
  Corp: 'Corporation',
  Ltd: 'Limited',
  GmbH: 'Gesellschaft mbH',
  'Pty Ltd': 'Proprietary Limited',
}
const SHORT: [string, string][] = [
  ['Logistics', 'Log.'],
  ['Instruments', 'Instr.'],
  ['Construction', 'Constr.'],
  ['Insurance', 'Ins.'],
  ['Chemicals', 'Chem'],
  ['Software', 'SW'],
]

/** Two neighbouring letters change places, as fingers do. */
function mistyped(text: string, chance: Chance): string {
  const at = chance.between(1, Math.max(1, text.length - 3))
  return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2)
}

/** UTF-8 read as Latin-1 somewhere on the way. */
const misread = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss')
const shortened = (text: string): string => SHORT.reduce((name, [long, short]) => name.replace(long, short), text)

function damagedName(company: Company, chance: Chance): string {
  const { brand, suffix } = company
  return chance.pick([
    () => brand,
    () => brand.toUpperCase(),
    () => brand.toLowerCase(),
    () => `${brand}, ${suffix}.`,
    () => `${brand} ${SPELLED_OUT[suffix] ?? suffix}`,
    () => `The ${brand} Company`,
    () => `${brand} (dup)`,
    () => `ZZ ${brand} - DO NOT USE`,
    () => `${brand} - ${company.place.city}`,
    () => brand.replace(/ /g, '  '),
    () => mistyped(brand, chance),
    () => shortened(brand),
    () => brand.slice(0, Math.max(8, brand.length - 4)),
    () => company.name,
  ])()
}

function damagedWebsite({ domain }: Company, chance: Chance): string {
  return chance.pick([
    domain,
    `http://${domain}/`,
    `www.${domain}`,
    `https://shop.${domain}`,
    `info@${domain}`,
    `HTTPS://WWW.${domain.toUpperCase()}/contact`,
  ])
}

function damagedPhone(phone: string, chance: Chance): string {
  const digits = phone.replace(/\D/g, '')
  return chance.pick([
    phone,
    phone.replace(/ /g, ''),
    phone.replace(/ /g, '-'),
    `00${digits}`,
    `${phone} ext. ${chance.between(1, 99)}`,
    `(${phone.slice(phone.indexOf(' ') + 1)})`,
    'n/a',
  ])
}

/** The same company entered again by somebody in a hurry, or by a machine that knew no better. */
export function damaged(row: Row, company: Company, chance: Chance): Row {
  const city = String(row['BillingCity'] ?? '')
  const street = String(row['BillingStreet'] ?? '')
  const swapped = chance.in100(4)
  return {
    ...row,
    Name: damagedName(company, chance),
    Website: chance.in100(85) ? damagedWebsite(company, chance) : null,
    Phone: chance.in100(70) ? damagedPhone(String(row['Phone']), chance) : null,
    BillingStreet: chance.in100(60) ? chance.pick([street, plain(street), street.toUpperCase()]) : null,
    BillingCity: swapped ? (row['BillingState'] ?? null) : chance.pick([city, plain(city), misread(city)]),
    BillingState: swapped ? city : (row['BillingState'] ?? null),
    BillingPostalCode: chance.in100(60) ? (row['BillingPostalCode'] ?? null) : null,
    AnnualRevenue: chance.in100(5) ? 1 : (row['AnnualRevenue'] ?? null),
  }
}
