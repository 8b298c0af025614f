// Random things people do to an org, and the org doing them; a refusal in an org's words is an answer, anything else a bug.
import fc from 'fast-check'
import { type Caller, OrgError } from '../../src/org/org.ts'
import type { House } from '../support/engine-harness.ts'

const pick = fc.nat(40)
const person = fc.constantFrom('admin', 'admin', 'writer', 'rep')
const object = fc.constantFrom('Account', 'Contact', 'Opportunity', 'Task', 'Lead', 'Case')
const name = fc.constantFrom('Acme', 'Globex', 'Initech')

export const action = fc.oneof(
  fc.record({ do: fc.constant('account' as const), as: person, name, parent: fc.option(pick) }),
  fc.record({ do: fc.constant('contact' as const), as: person, name, account: fc.option(pick, { freq: 5 }) }),
  fc.record({ do: fc.constant('opportunity' as const), as: person, name, account: fc.option(pick, { freq: 5 }) }),
  fc.record({ do: fc.constant('task' as const), as: person, what: fc.option(pick), who: fc.option(pick) }),
  fc.record({ do: fc.constant('relation' as const), as: person, account: pick, contact: pick }),
  fc.record({ do: fc.constant('rename' as const), as: person, which: pick, name }),
  fc.record({ do: fc.constant('reparent' as const), as: person, which: pick, parent: fc.option(pick) }),
  fc.record({ do: fc.constant('move' as const), as: person, contact: pick, account: fc.option(pick) }),
  fc.record({
    do: fc.constant('owner' as const),
    as: person,
    which: pick,
    to: fc.constantFrom('admin', 'rep', 'manager'),
  }),
  fc.record({
    do: fc.constant('merge' as const),
    as: person,
    master: pick,
    losers: fc.array(pick, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ do: fc.constant('lead' as const), as: person, name }),
  fc.record({ do: fc.constant('case' as const), as: person, account: fc.option(pick), contact: fc.option(pick) }),
  fc.record({ do: fc.constant('worth' as const), as: person, which: pick, worth: fc.nat(9) }),
  fc.record({ do: fc.constant('share' as const), as: person, which: pick, level: fc.constantFrom('Read', 'Edit') }),
  fc.record({
    do: fc.constant('convert' as const),
    as: person,
    lead: pick,
    account: fc.option(pick),
    deal: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('unite' as const),
    as: person,
    object: fc.constantFrom('Contact', 'Lead', 'Case'),
    master: pick,
    loser: pick,
  }),
  fc.record({ do: fc.constant('delete' as const), as: person, object, which: pick }),
  fc.record({ do: fc.constant('undelete' as const), as: person, object, which: pick }),
  fc.record({ do: fc.constant('purge' as const), as: person, object, which: pick }),
)
export type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

export interface Made {
  Account: string[]
  Contact: string[]
  Opportunity: string[]
  Task: string[]
  Lead: string[]
  Case: string[]
  AccountContactRelation: string[]
}

export const nothingMade = (): Made => ({
  Account: [],
  Contact: [],
  Opportunity: [],
  Task: [],
  Lead: [],
  Case: [],
  AccountContactRelation: [],
})

/** Carries the action out; true when the org accepted it. */
export function perform(house: House, made: Made, action: Action): boolean {
  house.later(1000)
  try {
    carryOut(house, made, action)
    return true
  } catch (error) {
    if (error instanceof OrgError && error.body.status < 500) return false
    throw error
  }
}

function carryOut(house: House, made: Made, action: Action): void {
  const { org } = house
  const caller = house.as(action.as)
  const at = (object: keyof Made, n: number | null): string | null =>
    n === null || made[object].length === 0 ? null : made[object][n % made[object].length]!
  const create = (object: keyof Made, fields: Record<string, string | null>): void => {
    made[object].push(org.create(caller, object, fields))
  }
  const account = (n: number | null) => at('Account', n)
  switch (action.do) {
    case 'account':
      return create('Account', { Name: action.name, ParentId: account(action.parent) })
    case 'contact':
      return create('Contact', { LastName: action.name, AccountId: account(action.account) })
    case 'opportunity':
      return create('Opportunity', {
        Name: action.name,
        StageName: 'Prospecting',
        CloseDate: '2027-01-31',
        AccountId: account(action.account),
      })
    case 'task':
      return create('Task', { Subject: 'Call', WhatId: account(action.what), WhoId: at('Contact', action.who) })
    case 'relation':
      return create('AccountContactRelation', {
        AccountId: account(action.account),
        ContactId: at('Contact', action.contact),
      })
    case 'rename':
      return org.update(caller, 'Account', account(action.which) ?? '', { Name: action.name })
    case 'reparent':
      return org.update(caller, 'Account', account(action.which) ?? '', { ParentId: account(action.parent) })
    case 'move':
      return org.update(caller, 'Contact', at('Contact', action.contact) ?? '', { AccountId: account(action.account) })
    case 'owner':
      return org.update(caller, 'Account', account(action.which) ?? '', { OwnerId: house.as(action.to).userId })
    case 'merge': {
      const loserIds = action.losers.map((n) => account(n) ?? '')
      org.merge(caller, { type: 'Account', masterId: account(action.master) ?? '', fields: {}, loserIds })
      return
    }
    case 'lead':
      return create('Lead', { LastName: action.name, Company: action.name })
    case 'case':
      return create('Case', { AccountId: account(action.account), ContactId: at('Contact', action.contact) })
    case 'worth':
      org.update(caller, 'Opportunity', at('Opportunity', action.which) ?? '', { Amount: action.worth })
      return org.update(caller, 'Account', account(action.which) ?? '', { AnnualRevenue: action.worth })
    case 'share': {
      const fields = { AccountId: account(action.which), AccountAccessLevel: action.level }
      org.create(caller, 'AccountShare', { ...fields, UserOrGroupId: house.as('rep').userId })
      return
    }
    case 'convert':
      return keepConverted(house, made, caller, action)
    case 'unite':
      org.merge(caller, {
        type: action.object,
        masterId: at(action.object, action.master) ?? '',
        fields: {},
        loserIds: [at(action.object, action.loser) ?? ''],
      })
      return
    case 'delete':
      return org.delete(caller, action.object, at(action.object, action.which) ?? '')
    case 'undelete':
      return org.undelete(caller, at(action.object, action.which) ?? '')
    case 'purge': {
      const live = existing(house, made, false)
      org.purge(caller, at(action.object, action.which) ?? '')
      return forgetPurged(house, made, live)
    }
  }
}

/** What a conversion made is as good as made by hand. */
function keepConverted(
  house: House,
  made: Made,
  caller: Caller,
  { lead, account, deal }: Extract<Action, { do: 'convert' }>,
): void {
  const pickOf = (ids: string[], n: number): string => ids[n % (ids.length || 1)] ?? ''
  const accountId = account === null ? undefined : pickOf(made.Account, account)
  const result = house.org.convertLead(caller, {
    leadId: pickOf(made.Lead, lead),
    convertedStatus: 'Closed - Converted',
    doNotCreateOpportunity: !deal,
    ...(accountId ? { accountId } : {}),
  })
  const keep = (ids: string[], id: string | null): void => {
    if (id !== null && !ids.includes(id)) ids.push(id)
  }
  if (!result.success) return
  keep(made.Account, result.accountId)
  keep(made.Contact, result.contactId)
  keep(made.Opportunity, result.opportunityId)
}

const objectsOf = (made: Made) => Object.keys(made) as (keyof Made)[]

function existing(house: House, made: Made, all: boolean): Set<string> {
  const ids = objectsOf(made).flatMap((object) =>
    house.org.query(house.as('admin'), `SELECT Id FROM ${object}`, { all }).records.map((row) => String(row['Id'])),
  )
  return new Set(ids)
}

/** What was in the bin is gone with reason; what was live must still be there. */
function forgetPurged(house: House, made: Made, live: Set<string>): void {
  const kept = existing(house, made, true)
  for (const id of live) if (!kept.has(id)) throw new Error(`${id} was live and went with the bin`)
  for (const object of objectsOf(made)) made[object] = made[object].filter((id) => kept.has(id))
}
