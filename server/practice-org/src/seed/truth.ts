// What is true about a seeded org: which accounts are one company, and which look so but are not.
import type { Row } from './account.ts'
import type { Story } from '../content/story.ts'

/** The parts that grow with the org. */
export interface TruthLists {
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
}

/** Kept beside the org, never served by it. */
export interface Truth extends TruthLists {
  /** Companies that have nothing in common but the site they are guests on. */
  sharedDomains: Record<string, string[]>
  stories: Record<string, { truth: Story['truth']; why: string; lead: Row; accountIds: string[] }>
}

export const LISTS = [
  'duplicates',
  'duplicateContacts',
  'leads',
  'acquisitions',
  'families',
  'franchises',
] as const satisfies (keyof TruthLists)[]

/** Whoever writes down what is true while the records are made. */
export interface TruthNotes {
  add<K extends keyof TruthLists>(list: K, entries: TruthLists[K]): void
  guest(host: string, account: string): void
  story(name: string, story: Truth['stories'][string]): void
}

/** Notes that are put together into one truth, for small orgs. */
export function collected(): { truth: Truth; notes: TruthNotes } {
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
  const notes: TruthNotes = {
    add: (list, entries) => void (truth[list] as unknown[]).push(...entries),
    guest: (host, account) => void (truth.sharedDomains[host] ??= []).push(account),
    story: (name, story) => void (truth.stories[name] = story),
  }
  return { truth, notes }
}
