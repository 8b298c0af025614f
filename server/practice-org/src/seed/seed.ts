// Fills a new practice org: companies with their people, deals and cases, planted duplicates and hard negatives, from a fixed seed.
import type { OrgContent } from '../content/content.ts'
import type { Org } from '../org/org.ts'
import { chanceFrom } from '../org/chance.ts'
import { hireOwners } from './owners.ts'
import { planAccounts, type Ground, type Plan } from './plan.ts'
import { loadStory } from './story-rows.ts'
import { loadLeads, loadSurroundings } from './surroundings.ts'
import { collected, type Truth, type TruthNotes } from './truth.ts'

export type { Truth } from './truth.ts'

export interface SeedOptions {
  /** Stories and the territories' field: see `content/content.ts`. */
  content: Pick<OrgContent, 'stories' | 'territoryField'>
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
  const { truth, notes } = collected()
  seedNoting(org, options, notes)
  return truth
}

/** The same for any number of accounts: what is true is noted as it comes about, and nothing of it kept. */
export function seedNoting(org: Org, options: SeedOptions, notes: TruthNotes): void {
  org.loading(options.size * ROWS_PER_ACCOUNT, () => load(org, options, notes))
}

function load(org: Org, { content, size, seed: number, now, onProgress }: SeedOptions, notes: TruthNotes): void {
  const chance = chanceFrom(number)
  const owners = hireOwners(org, size, chance)
  const ground: Ground = {
    chance,
    territoryField: content.territoryField,
    ownersOf: (territory) => owners[territory] ?? owners['*']!,
    // Some minute between nine and five, the same one for the same day.
    time: (daysAgo) =>
      new Date(Date.parse(now) - daysAgo * DAY_MS + (540 + (Math.abs(daysAgo) % 97) * 4) * 60_000).toISOString(),
  }
  for (const story of content.stories) {
    const accountIds = loadStory(org, story, ground)
    notes.story(story.name, { truth: story.truth, why: story.why, lead: story.lead, accountIds })
    if (story.truth === 'merge') notes.add('duplicates', [accountIds])
  }
  for (let start = 0; start < size; start += BATCH) {
    const plan = planAccounts(ground, start, Math.min(BATCH, size - start))
    const ids = loadAccounts(org, plan)
    note(notes, plan, ids)
    notes.add('duplicateContacts', loadSurroundings(org, ids, plan.entries, ground))
    notes.add('leads', loadLeads(org, ground, { ids, entries: plan.entries }, size + start))
    onProgress?.(start + ids.length)
  }
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

function note(notes: TruthNotes, plan: Plan, ids: string[]): void {
  const named = (places: number[]) => places.map((place) => ids[place]!)
  notes.add('duplicates', plan.duplicates.map(named))
  notes.add('franchises', plan.franchises.map(named))
  notes.add(
    'acquisitions',
    plan.acquisitions.map(({ buyer, bought }) => ({ buyer: ids[buyer]!, bought: ids[bought]! })),
  )
  notes.add(
    'families',
    plan.families.map(({ parent, children }) => ({ parent: ids[parent]!, children: named(children) })),
  )
  for (const { host, entry } of plan.guests) notes.guest(host, ids[entry]!)
}
