// Which companies a stretch of accounts is about, and how they belong together.
import { accountRow, companyOf, settled, type Company, type Row } from './account.ts'
import { acquire } from './acquisition.ts'
import type { Chance } from '../org/chance.ts'
import { damaged } from './damage.ts'
import { PLACES, SHARED_HOSTS, type Place } from './words.ts'

/** One account to be: what is typed, and what it stands for. */
export interface Entry {
  row: Row
  company: Company
  /** Place in the plan of the parent account. */
  parent?: number
}

/** Accounts in the order they are entered; the rest are places in `entries`. */
export interface Plan {
  entries: Entry[]
  /** One company each. */
  duplicates: number[][]
  acquisitions: { buyer: number; bought: number }[]
  /** A parent and the companies below it. */
  families: { parent: number; children: number[] }[]
  /** Outlets of different owners under one brand and site. */
  franchises: number[][]
  /** Companies whose site is on somebody else's. */
  guests: { host: string; entry: number }[]
}

export interface Ground {
  chance: Chance
  /** The field of Account that names the territory. */
  territoryField: string | null
  ownersOf(territory: string): string[]
  time(daysAgo: number): string
}

const DUPLICATED = 8
const BOUGHT = 2
const FAMILY = 3
const FRANCHISE = 1
const GUEST = 2

/** Plans exactly `size` accounts about the companies from the `first`-th on; no more of these than `size` are used. */
export function planAccounts(ground: Ground, first: number, size: number): Plan {
  const plan: Plan = { entries: [], duplicates: [], acquisitions: [], families: [], franchises: [], guests: [] }
  for (let n = first; plan.entries.length < size; n += 1) {
    const company = companyOf(n, ground.chance)
    const room = size - plan.entries.length - 1
    const kind = ground.chance.between(1, 100)
    if (kind <= FRANCHISE && room >= 2) addFranchise(plan, ground, company, Math.min(room, 5))
    else if (kind <= FRANCHISE + FAMILY && room >= 1) addFamily(plan, ground, company, Math.min(room, 3))
    else addCompany(plan, ground, company, room)
  }
  return plan
}

function add(
  { entries }: Plan,
  { chance, ownersOf, territoryField, time }: Ground,
  company: Company,
  parent?: number,
): number {
  const owner = chance.pick(ownersOf(company.place.territory))
  const row = accountRow(company, owner, time(chance.between(60, 1500)), territoryField)
  return entries.push({ row, company, ...(parent === undefined ? {} : { parent }) }) - 1
}

/** A company by itself: maybe bought by another one, maybe a guest on somebody's site, maybe entered more than once. */
function addCompany(plan: Plan, ground: Ground, company: Company, room: number): void {
  const { chance, time } = ground
  const entry = add(plan, ground, company)
  const { row } = plan.entries[entry]!
  const copies = Math.min(room, chance.in100(DUPLICATED) ? chance.between(1, 2) : 0)
  for (let copy = 0; copy < copies; copy += 1) {
    const again = { ...damaged(row, company, chance), CreatedDate: time(chance.between(5, 59)) }
    plan.entries.push({ row: again, company })
  }
  if (copies > 0) plan.duplicates.push(Array.from({ length: copies + 1 }, (_, i) => entry + i))
  else if (chance.in100(GUEST)) {
    const host = chance.pick(SHARED_HOSTS)
    row['Website'] = `https://${host}/${company.domain.replace('.example', '')}`
    plan.guests.push({ host, entry })
  }
  if (entry > 20 && chance.in100(BOUGHT)) {
    const buyer = chance.between(0, entry - 1)
    acquire(row, plan.entries[buyer]!.row, chance)
    plan.acquisitions.push({ buyer, bought: entry })
  }
}

const elsewhere = (chance: Chance, not: Place): Place => {
  const place = chance.pick(PLACES)
  return place === not ? elsewhere(chance, not) : place
}

/** A holding and its companies in other places, some under the parent's site: related, not the same. */
function addFamily(plan: Plan, ground: Ground, company: Company, most: number): void {
  const { chance } = ground
  const parent = add(plan, ground, company)
  const children = Array.from({ length: chance.between(1, most) }, () => {
    const place = elsewhere(chance, company.place)
    const part = place.country === company.place.country ? place.city : place.country
    const child = settled({ ...company, brand: `${company.brand} ${part}` }, place, chance)
    const own = chance.in100(50) ? company.domain : company.domain.replace('.', `-${place.phone.slice(1, 3).trim()}.`)
    const under = chance.in100(60) ? parent : undefined
    return add(plan, ground, { ...child, domain: own }, under)
  })
  plan.families.push({ parent, children })
}

/** Outlets under one brand and site, each with its own owner, street and telephone. */
function addFranchise(plan: Plan, ground: Ground, company: Company, most: number): void {
  const { chance } = ground
  const places = new Set([company.place])
  while (places.size < chance.between(3, Math.max(3, most + 1))) places.add(elsewhere(chance, company.place))
  const outlets = [...places].slice(0, most + 1).map((place) => {
    const outlet = settled(company, place, chance)
    return add(plan, ground, { ...outlet, name: `${company.brand} - ${place.city}` })
  })
  plan.franchises.push(outlets)
}
