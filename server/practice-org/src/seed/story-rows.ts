// The planted cases as records.
import type { Story } from '../content/story.ts'
import type { Org } from '../org/org.ts'
import type { Ground } from './plan.ts'

/** Loads the accounts of a story with what hangs on them, and gives their ids. */
export function loadStory(org: Org, story: Story, { ownersOf, territoryField, time }: Ground): string[] {
  const byName = new Map<string, string>()
  const contactIds = new Map<string, string>()
  return story.accounts.map(
    ({ fields, contacts = [], opportunities = [], cases = [], tasks = [], alsoRelates = [], parent }, index) => {
      const OwnerId = ownersOf(String(fields[territoryField ?? '']))[0]!
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
          ...at,
        })),
      )
      return accountId!
    },
  )
}
