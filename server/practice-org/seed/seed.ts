// Fills a new practice org: companies with their people, deals and cases, planted duplicates and hard negatives, from a fixed seed.
import type { Org } from '../org.ts'
import type { Row } from './account.ts'
import { chanceFrom } from './chance.ts'
import { hireOwners } from './owners.ts'
import { planAccounts, type Ground, type Plan } from './plan.ts'
import { STORIES, type Story } from './stories.ts'
import { loadStory } from './story-rows.ts'
import { loadLeads, loadSurroundings } from './surroundings.ts'

/** Which accounts are one company, and which look so but are not. Kept beside the org, never served by it. */
export interface Truth {
  duplicates: string[][]
  /** Contacts that are one person. */
  duplicateContacts: string[][]
  /** Leads about a company that has an account. */
  leads: { lead: string; account: string }[]
  /** Companies that one bought: related by name, site or description, not duplicates. */
  acquisitions: { buyer: string; bought: string }[]
  /** A company and those below it, with or without `ParentId`: not duplicates. */
  families: { parent: string; children: string[] }[]
  /** Outlets of different owners under one brand and site: not duplicates. */
  franchises: string[][]
  /** Companies that have nothing in common but the site they are guests on. */
  sharedDomains: Record<string, string[]>
  stories: Record<string, { truth: Story['truth']; why: string; lead: Row; accountIds: string[] }>
}

export interface SeedOptions {
  /** Accounts besides the stories' own. */
  size: number
  seed: number
  /** ISO time that every date is counted back from. */
  now: string
  /** Told now and then how many accounts are loaded. */
  onProgress?: (accounts: number) => void
}

const BATCH = 2000
const ROWS_PER_ACCOUNT = 5
const DAY_MS = 86_400_000

/** Loads the org and tells what is true about it. The same options give the same records, byte by byte. */
export function seed(org: Org, options: SeedOptions): Truth {
  return org.loading(options.size * ROWS_PER_ACCOUNT, () => load(org, options))
}

function load(org: Org, { size, seed: number, now, onProgress }: SeedOptions): Truth {
  const chance = chanceFrom(number)
  const owners = hireOwners(org, size, chance)
  const ground: Ground = {
    chance,
    ownersOf: (territory) => owners[territory] ?? owners['*']!,
    // Some minute between nine and five, the same one for the same day.
    time: (daysAgo) =>
      new Date(Date.parse(now) - daysAgo * DAY_MS + (540 + (Math.abs(daysAgo) % 97) * 4) * 60_000).toISOString(),
  }
  const truth: Truth = {
    duplicates: [],
    duplicateContacts: [],
    leads: [],
    acquisitions: [],
    families: [],
    franchises: [],
    sharedDomains: {},
    stories: {},
  }
  for (const story of STORIES) {
    const accountIds = loadStory(org, story, ground)
    truth.stories[story.name] = { truth: story.truth, why: story.why, lead: story.lead, accountIds }
    if (story.truth === 'merge') truth.duplicates.push(accountIds)
  }
  for (let start = 0; start < size; start += BATCH) {
    const plan = planAccounts(ground, start, Math.min(BATCH, size - start))
    const ids = loadAccounts(org, plan)
    note(truth, plan, ids)
    truth.duplicateContacts.push(...loadSurroundings(org, ids, plan.entries, ground))
    truth.leads.push(...loadLeads(org, ground, { ids, entries: plan.entries }, size + start))
    onProgress?.(start + ids.length)
  }
  return truth
}

/** Parents before their children, whose rows need the parents' ids; gives the ids in the order of the plan. */
function loadAccounts(org: Org, { entries }: Plan): string[] {
  const ids = new Array<string>(entries.length)
  const places = entries.map((_, place) => place)
  const [tops, children] = [
    places.filter((place) => entries[place]!.parent === undefined),
    places.filter((place) => entries[place]!.parent !== undefined),
  ]
  for (const wave of [tops, children]) {
    const rows = wave.map((place) => {
      const { row, parent } = entries[place]!
      return parent === undefined ? row : { ...row, ParentId: ids[parent]! }
    })
    org.load('Account', rows).forEach((id, i) => (ids[wave[i]!] = id))
  }
  return ids
}

function note(truth: Truth, plan: Plan, ids: string[]): void {
  const named = (places: number[]) => places.map((place) => ids[place]!)
  truth.duplicates.push(...plan.duplicates.map(named))
  truth.franchises.push(...plan.franchises.map(named))
  truth.acquisitions.push(
    ...plan.acquisitions.map(({ buyer, bought }) => ({ buyer: ids[buyer]!, bought: ids[bought]! })),
  )
  truth.families.push(
    ...plan.families.map(({ parent, children }) => ({ parent: ids[parent]!, children: named(children) })),
  )
  for (const { host, entry } of plan.guests) (truth.sharedDomains[host] ??= []).push(ids[entry]!)
}
