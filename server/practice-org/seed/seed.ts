// Fills a new practice org: companies with their people, deals and cases, planted duplicates and hard negatives, from a fixed seed.
import type { Caller, Org, Value } from '../org.ts'
import { accountRow, companyOf, type Company, type Row } from './account.ts'
import { acquire } from './acquisition.ts'
import { chanceFrom, type Chance } from './chance.ts'
import { damaged } from './damage.ts'
import { STORIES, type Story } from './stories.ts'
import { FAMILY_NAMES, GIVEN_NAMES, STAGES, TITLES } from './words.ts'

/** Which accounts are one company, and which look so but are not. Kept beside the org, never served by it. */
export interface Truth {
  duplicates: string[][]
  /** Companies that one bought: related by name or parent, not duplicates. */
  acquisitions: { buyer: string; bought: string }[]
  stories: Record<string, { truth: Story['truth']; why: string; lead: Row; accountIds: string[] }>
}

export interface SeedOptions {
  /** Accounts besides the stories' own. */
  size: number
  seed: number
  /** ISO time that every date is counted back from. */
  now: string
}

const BATCH = 2000
const ROWS_PER_ACCOUNT = 5

/** Loads the org and tells what is true about it. The same options give the same records. */
export function seed(org: Org, options: SeedOptions): Truth {
  return org.loading(options.size * ROWS_PER_ACCOUNT, () => load(org, options))
}

function load(org: Org, options: SeedOptions): Truth {
  const chance = chanceFrom(options.seed)
  const owners = ownersByTerritory(org)
  const time = (daysAgo: number) => new Date(Date.parse(options.now) - daysAgo * 86_400_000).toISOString()
  const truth: Truth = { duplicates: [], acquisitions: [], stories: {} }
  for (const story of STORIES) {
    const accountIds = loadStory(org, story, owners, time)
    truth.stories[story.name] = { truth: story.truth, why: story.why, lead: story.lead, accountIds }
    if (story.truth === 'merge') truth.duplicates.push(accountIds)
  }
  for (let start = 0; start < options.size; start += BATCH) {
    const batch = { start, end: Math.min(start + BATCH, options.size), chance, owners, time }
    const { duplicates, acquisitions } = loadBatch(org, batch)
    truth.duplicates.push(...duplicates)
    truth.acquisitions.push(...acquisitions)
  }
  return truth
}

type Owners = Record<string, string[]>

function ownersByTerritory(org: Org): Owners {
  const admin = org.user('admin@practice.example')!
  const caller: Caller = { userId: admin.id, api: 'rest', version: '66.0' }
  const { records } = org.query(caller, 'SELECT Id, Department FROM User WHERE Department != null ORDER BY Username')
  const byTerritory: Owners = {}
  for (const { Id, Department } of records) (byTerritory[String(Department)] ??= []).push(String(Id))
  byTerritory['*'] = [admin.id]
  return byTerritory
}

const ownersOf = (owners: Owners, territory: Value | undefined): string[] => owners[String(territory)] ?? owners['*']!

function loadStory(org: Org, story: Story, owners: Owners, time: (daysAgo: number) => string): string[] {
  const byName = new Map<string, string>()
  const contactIds = new Map<string, string>()
  return story.accounts.map(
    ({ fields, contacts = [], opportunities = [], cases = [], tasks = [], alsoRelates = [], parent }, index) => {
      const OwnerId = ownersOf(owners, fields.Region__c)[0]!
      const at = { CreatedDate: time(400 - index * 90), LastModifiedDate: time(30 - index * 12) }
      const [accountId] = org.load('Account', [
        { ...fields, OwnerId, ...at, ...(parent ? { ParentId: byName.get(parent)! } : {}) },
      ])
      byName.set(String(fields.Name), accountId!)
      const ids = org.load(
        'Contact',
        contacts.map((row) => ({ ...row, AccountId: accountId!, OwnerId, ...at })),
      )
      contacts.forEach((row, i) => contactIds.set(String(row.Email), ids[i]!))
      org.load(
        'Opportunity',
        opportunities.map((row) => ({ ...row, AccountId: accountId!, OwnerId, ...at })),
      )
      org.load(
        'Case',
        cases.map((row) => ({ ...row, AccountId: accountId!, OwnerId, ...at })),
      )
      org.load(
        'Task',
        tasks.map((row) => ({ ...row, WhatId: accountId!, OwnerId, ...at })),
      )
      org.load(
        'AccountContactRelation',
        alsoRelates.map((email) => ({
          AccountId: accountId!,
          ContactId: contactIds.get(email)!,
          IsDirect: false,
          IsActive: true,
        })),
      )
      return accountId!
    },
  )
}

interface Batch {
  start: number
  end: number
  chance: Chance
  owners: Owners
  time: (daysAgo: number) => string
}

function loadBatch(org: Org, batch: Batch): Pick<Truth, 'duplicates' | 'acquisitions'> {
  const { chance, owners, time } = batch
  const companies: Company[] = []
  const rows: Row[] = []
  const families: number[][] = []
  const sales: { buyer: number; bought: number }[] = []
  for (let n = batch.start; rows.length < batch.end - batch.start; n += 1) {
    const company = companyOf(n, chance)
    const row = accountRow(
      company,
      chance.pick(ownersOf(owners, company.place.territory)),
      time(chance.between(60, 1500)),
    )
    const copies = chance.in100(8) ? chance.between(1, 2) : 0
    const first = rows.length
    rows.push(row)
    companies.push(company)
    for (let copy = 0; copy < copies; copy += 1) {
      rows.push({ ...damaged(row, company, chance), CreatedDate: time(chance.between(5, 59)) })
      companies.push(company)
    }
    if (rows.length > 20 && chance.in100(2)) {
      const buyer = chance.between(0, first - 1)
      acquire(rows[first]!, rows[buyer]!, chance)
      sales.push({ buyer, bought: first })
    }
    if (copies > 0) families.push(Array.from({ length: copies + 1 }, (_, i) => first + i))
  }
  const ids = org.load('Account', rows)
  loadPeopleAndDeals(org, ids, rows, companies, chance)
  return {
    duplicates: families.map((family) => family.map((index) => ids[index]!)),
    acquisitions: sales.map(({ buyer, bought }) => ({ buyer: ids[buyer]!, bought: ids[bought]! })),
  }
}

function loadPeopleAndDeals(org: Org, ids: string[], rows: Row[], companies: Company[], chance: Chance): void {
  const contacts: Row[] = []
  const opportunities: Row[] = []
  const cases: Row[] = []
  const tasks: Row[] = []
  ids.forEach((AccountId, index) => {
    const owned = { OwnerId: rows[index]!.OwnerId!, CreatedDate: rows[index]!.CreatedDate! }
    const company = companies[index]!
    for (let i = chance.between(0, 3); i > 0; i -= 1) {
      const FirstName = chance.pick(GIVEN_NAMES)
      const LastName = chance.pick(FAMILY_NAMES)
      const Email = `${FirstName}.${LastName}${index}@${company.domain}`
        .normalize('NFKD')
        .replace(/[^\w.@-]/g, '')
        .toLowerCase()
      contacts.push({ FirstName, LastName, Email, Title: chance.pick(TITLES), AccountId, ...owned })
    }
    if (chance.in100(40)) {
      const CloseDate = `2027-${String(chance.between(1, 12)).padStart(2, '0')}-15`
      opportunities.push({
        Name: `${company.brand} order`,
        StageName: chance.pick(STAGES),
        Amount: chance.between(5, 400) * 1000,
        CloseDate,
        AccountId,
        ...owned,
      })
    }
    if (chance.in100(15))
      cases.push({ Subject: 'Question about delivery', Status: 'New', Origin: 'Email', AccountId, ...owned })
    if (chance.in100(25))
      tasks.push({ Subject: 'Call', Status: 'Not Started', Priority: 'Normal', WhatId: AccountId, ...owned })
  })
  org.load('Contact', contacts)
  org.load('Opportunity', opportunities)
  org.load('Case', cases)
  org.load('Task', tasks)
}
