// What surrounds accounts: their people, deals, cases and tasks, and leads about companies known and unknown.
import type { Org } from '../org/org.ts'
import { companyOf, phoneIn, type Company, type Row } from './account.ts'
import type { Chance } from '../org/chance.ts'
import { damaged } from './damage.ts'
import type { Entry, Ground } from './plan.ts'
import { PEOPLE_NAMES, STAGES, SUBJECTS, type Place } from './words.ts'

interface PersonName {
  FirstName: string
  LastName: string
  /** Both names in Latin letters, as mailboxes have them. */
  mailbox: string
}

/** A name from the place: often in its own script. */
function personIn(place: Place, chance: Chance): PersonName {
  const native = place.script && chance.in100(60) ? PEOPLE_NAMES.native[place.script] : undefined
  const [FirstName, first] = native ? chance.pick(native.given) : same(chance.pick(PEOPLE_NAMES.given))
  const [LastName, last] = native ? chance.pick(native.family) : same(chance.pick(PEOPLE_NAMES.family))
  return { FirstName, LastName, mailbox: `${first}.${last}` }
}
const same = (name: string): [string, string] => [name, name]

const mailAt = (mailbox: string, domain: string): string =>
  `${mailbox}@${domain}`
    .normalize('NFKD')
    .replace(/[^\w.@-]/g, '')
    .toLowerCase()

/** A few accounts in a thousand have everybody in them. */
const contactsOf = (chance: Chance): number =>
  chance.between(1, 1000) <= 2 ? chance.between(30, 120) : chance.between(0, 3)

/** Loads what surrounds the accounts of a plan; tells which contacts are one person entered twice. */
export function loadSurroundings(
  org: Org,
  ids: string[],
  entries: Entry[],
  { chance, time }: Pick<Ground, 'chance' | 'time'>,
): string[][] {
  const rows: Record<'Contact' | 'Opportunity' | 'Case' | 'Task', Row[]> = {
    Contact: [],
    Opportunity: [],
    Case: [],
    Task: [],
  }
  const twice: [number, number][] = []
  ids.forEach((AccountId, index) => {
    const { row, company } = entries[index]!
    const owned = { OwnerId: row['OwnerId']!, CreatedDate: row['CreatedDate']! }
    for (let i = contactsOf(chance); i > 0; i -= 1) {
      const contact = contactRow(company, index, chance)
      rows.Contact.push({ ...contact, AccountId, ...owned })
      if (!chance.in100(3)) continue
      twice.push([rows.Contact.length - 1, rows.Contact.length])
      rows.Contact.push({ ...enteredAgain(contact, chance), AccountId, ...owned })
    }
    if (chance.in100(45)) rows.Opportunity.push({ ...dealOf(company, { chance, time }), AccountId, ...owned })
    if (chance.in100(15)) rows.Case.push({ ...caseOf(chance), AccountId, ...owned })
    if (chance.in100(25)) rows.Task.push({ ...taskOf(chance), WhatId: AccountId, ...owned })
  })
  const contactIds = org.load('Contact', rows.Contact)
  for (const object of ['Opportunity', 'Case', 'Task'] as const) org.load(object, rows[object])
  return twice.map((pair) => pair.map((index) => contactIds[index]!))
}

function contactRow({ domain, place, phone }: Company, index: number, chance: Chance): Row {
  const { FirstName, LastName, mailbox } = personIn(place, chance)
  return {
    FirstName,
    LastName,
    Email: mailAt(`${mailbox}${index}`, domain),
    Phone: chance.in100(50) ? phone : null,
    MobilePhone: chance.in100(25) ? phoneIn(place, chance) : null,
    Title: chance.pick(PEOPLE_NAMES.titles),
    MailingCity: place.city,
    MailingCountry: place.country,
  }
}

/** First and last name change places, only an initial is left, or the mailbox is a private one. */
function enteredAgain(contact: Row, chance: Chance): Row {
  const { FirstName, LastName, Email } = contact
  return chance.pick<Row>([
    { ...contact, FirstName: LastName ?? null, LastName: FirstName ?? null },
    { ...contact, FirstName: `${String(FirstName).charAt(0)}.`, Phone: null },
    { ...contact, Email: String(Email).replace(/@.*/, '@freemail.example'), Title: null },
    { ...contact, LastName: String(LastName).toUpperCase(), Title: null, MobilePhone: null },
  ])
}

/** What is closed was so within the last year; what is open is to be closed within the next nine months. */
function dealOf({ brand }: Company, { chance, time }: Pick<Ground, 'chance' | 'time'>): Row {
  const StageName = chance.pick(STAGES)
  const daysAgo = StageName.startsWith('Closed') ? chance.between(1, 365) : -chance.between(2, 270)
  return {
    Name: `${brand} ${chance.pick(['order', 'renewal', 'pilot', 'extension'])}`,
    StageName,
    Amount: chance.between(5, 400) * 1000,
    CloseDate: time(daysAgo).slice(0, 10),
  }
}
const caseOf = (chance: Chance): Row => ({
  Subject: chance.pick(SUBJECTS),
  Status: chance.in100(60) ? 'Closed' : 'New',
  Origin: chance.pick(['Email', 'Phone', 'Web']),
})
const taskOf = (chance: Chance): Row => ({
  Subject: chance.pick(['Call', 'Send Letter', 'Send Quote', 'Other']),
  Status: chance.in100(60) ? 'Completed' : 'Not Started',
  Priority: chance.pick(['High', 'Normal', 'Normal', 'Low']),
})

/**
 * Loads about three leads for ten accounts: a third of them about companies that have one. Tells which account each of
 * these is about. `unknown` is the number of a company that no account has; the next ones are used as well.
 */
export function loadLeads(
  org: Org,
  { chance, ownersOf, time }: Ground,
  accounts: { ids: string[]; entries: Entry[] },
  unknown: number,
): { lead: string; account: string }[] {
  const about: { row: Row; account?: string }[] = []
  accounts.entries.forEach(({ row, company }, index) => {
    if (!chance.in100(30)) return
    const account = chance.in100(33) ? accounts.ids[index] : undefined
    const subject = account ? company : companyOf(unknown + index, chance)
    const known = account ? damaged(row, company, chance) : { Name: subject.name, Website: subject.domain, Phone: null }
    const { FirstName, LastName, mailbox } = personIn(subject.place, chance)
    const lead = {
      FirstName,
      LastName,
      Company: known['Name'] ?? subject.brand,
      Email: mailAt(mailbox, subject.domain),
      Website: known['Website'] ?? null,
      Phone: known['Phone'] ?? null,
      State: subject.place.state,
      Country: subject.place.country,
      Status: chance.pick(['Open - Not Contacted', 'Working - Contacted', 'Closed - Not Converted']),
      LeadSource: chance.pick(['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List']),
      OwnerId: chance.pick(ownersOf(subject.place.territory)),
      CreatedDate: time(chance.between(5, 400)),
    }
    about.push({ row: lead, ...(account ? { account } : {}) })
  })
  const ids = org.load(
    'Lead',
    about.map(({ row }) => row),
  )
  return about.flatMap(({ account }, index) => (account ? [{ lead: ids[index]!, account }] : []))
}
