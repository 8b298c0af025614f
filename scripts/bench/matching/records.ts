// Records of an org: companies as typed, some of them several times, among companies that only look alike.
import { Chance } from './chance.ts'
import { inventCompany, place, type Company } from './company.ts'
import { FAMILIES } from './families.ts'
import { misspelt, typedName, type Difficulty } from './typing.ts'
import { namesOfCountry, STREET_TYPES } from './vocabulary.ts'

export interface TrueRecord {
  id: string
  /** Number of the company that it is about. */
  truth: number
  /** The company's name without form, as it knows itself. */
  name: string
  difficulty: Difficulty
  values: Record<string, string>
}

const DIFFICULTIES: readonly Difficulty[] = ['easy', 'medium', 'hard']

/** `count` records by `seed`: a third per difficulty, a fifth of the companies with look-alikes that are others. */
export function inventRecords(seed: number, count: number): TrueRecord[] {
  const chance = new Chance(seed)
  const records: TrueRecord[] = []
  let truth = 0
  while (records.length < count) {
    const company = inventCompany(chance)
    const difficulty = chance.pick(DIFFICULTIES)
    const family = chance.happens(0.22) ? chance.pick(FAMILIES)(company, chance) : [company]
    for (const member of family) {
      truth++
      for (let copies = howMany(chance); copies > 0; copies--) {
        records.push({
          id: '',
          truth,
          name: member.words.join(' '),
          difficulty,
          values: typedRecord(chance, member, difficulty),
        })
      }
    }
  }
  const kept = chance.shuffled(records.slice(0, count))
  return kept.map((record, index) => ({ ...record, id: `001${String(index).padStart(12, '0')}` }))
}

/** Records per company: half have one, few have more than three. */
function howMany(chance: Chance): number {
  const draw = chance.below(100)
  return draw < 50 ? 1 : draw < 80 ? 2 : draw < 93 ? 3 : 4
}

const MISSING: Record<Difficulty, number> = { easy: 0.05, medium: 0.15, hard: 0.25 }

function typedRecord(chance: Chance, company: Company, difficulty: Difficulty): Record<string, string> {
  const missing = MISSING[difficulty]
  const values: Record<string, string> = { Name: typedName(chance, company, difficulty) }
  const put = (field: string, value: string, share: number = 1 - missing) => {
    if (value !== '' && chance.happens(share)) values[field] = value
  }
  put('Website', typedSite(chance, company.domain))
  put('Phone', typedPhone(chance, company, difficulty))
  const moved = difficulty !== 'easy' && chance.happens(0.06)
  const at = moved ? { ...company, ...place(chance, company.country, company.town) } : company
  put('BillingStreet', typedStreet(chance, at))
  put('BillingCity', chance.happens(0.05) ? misspelt(chance, at.town.name) : at.town.name, 1 - missing / 2)
  put('BillingState', at.town.state, 1 - missing / 2)
  put('BillingPostalCode', at.postal)
  put('BillingCountry', chance.pick(namesOfCountry(at.country)), 1 - missing / 2)
  put('DunsNumber', chance.happens(0.03) ? '999999999' : company.duns, 0.06)
  return values
}

function typedSite(chance: Chance, domain: string): string {
  if (domain === '') return ''
  if (chance.happens(0.02)) return chance.pick(['gmail.com', 'facebook.com', 'wixsite.com', 'n/a', 'none'])
  return chance.pick([
    domain,
    `www.${domain}`,
    `https://www.${domain}`,
    `http://${domain}/`,
    `https://${domain}/contact`,
    domain.toUpperCase(),
    `https://https://${domain}`,
  ])
}

function typedPhone(chance: Chance, { phone, country }: Company, difficulty: Difficulty): string {
  if (chance.happens(0.01)) return chance.pick(['000-000-0000', '555-555-5555', '1111111111'])
  const other =
    difficulty !== 'easy' && chance.happens(0.08) ? phone.slice(0, -2) + String(10 + chance.below(89)) : phone
  if (country !== 'US' && country !== 'CA')
    return chance.pick([other, other.replace('+', '00'), `${other.slice(0, 3)} ${other.slice(3, 6)} ${other.slice(6)}`])
  const ten = other.slice(2)
  const [area, exchange, line] = [ten.slice(0, 3), ten.slice(3, 6), ten.slice(6)]
  return chance.pick([
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    `+1 ${area} ${exchange} ${line}`,
    ten,
    `${area}/${exchange}-${line}`,
    `1-${area}-${exchange}-${line} ext. ${chance.below(900)}`,
  ])
}

function typedStreet(chance: Chance, { street, country }: Company): string {
  const unit =
    street.unit !== null && chance.happens(0.7)
      ? chance.pick([`, Suite ${street.unit}`, ` Ste ${street.unit}`, ` #${street.unit}`, `, Unit ${street.unit}`])
      : ''
  const kinds = STREET_TYPES[(street.name.length + street.number) % STREET_TYPES.length] ?? ['Street']
  if (country === 'DE' || country === 'AT')
    return `${street.name}${chance.pick(['straße', 'str.', 'strasse'])} ${street.number}${unit}`
  return `${street.number} ${street.name} ${chance.pick(kinds)}${unit}`
}
