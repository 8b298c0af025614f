import { fittingField } from '../../../../contract/values/text.ts'
import type { Operation } from '../../../../contract/operations/operation.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { MissionVersion } from '../../../domain/mission.ts'
import { addSeconds, millisOf } from '../../../../contract/values/instant.ts'
import type { NamedRecord } from '../../../domain/proposal.ts'
import { cite } from '../../../knowledge/document.ts'
import { territoryOf, TERRITORIES, type TerritoryRule } from '../../../knowledge/territories.ts'
import { factsOfAccount, factsOfLead } from '../../../matching/facts.ts'
import type { OrgUser } from '../shapes/phase-results.ts'
import { children, firstText, named, namedChild, type Child } from './account.ts'

export interface LeadPlan {
  operations: Operation[]
  /** The person the lead goes to; null when the owner stays. */
  owner: { to: OrgUser; territory: string; citation: string } | null
  /** A contact of the company with the lead's e-mail. */
  contact: NamedRecord | null
}

interface Given {
  mission: MissionVersion
  lead: RecordValues
  /** The account the lead will point to. */
  account: RecordValues
  company: readonly RecordValues[]
  owners: readonly OrgUser[]
  territories: { rules: readonly TerritoryRule[]; version: number } | null
  at: string
}

const RULE = 'rule:the account is the lead’s company'

/** Links the lead to the account, routes it by territory and leaves its owner a task. Nothing is set that is so already. */
export function planLead(given: Given): LeadPlan {
  const { lead, account, mission } = given
  const granted = mission.definition.propose
  const owner = granted.update['Lead']?.includes('OwnerId') ? ownerOf(given) : null
  const contact = contactOf(given)
  const operations: Operation[] = []
  const matched = lead.values['Matched_Account__c'] ?? null
  const links = granted.update['Lead']?.includes('Matched_Account__c') && 'Matched_Account__c' in lead.values
  if (links && matched !== account.id) {
    const fields = { Matched_Account__c: { from: matched, to: account.id, source: RULE } }
    operations.push({ kind: 'update', object: 'Lead', id: lead.id, fields })
  }
  const from = firstText(lead.values, ['OwnerId'])
  if (owner && from !== null) {
    const source = `knowledge:${owner.citation}`
    operations.push({
      kind: 'changeOwner',
      object: 'Lead',
      id: lead.id,
      from,
      to: owner.to.id,
      source,
      keepTeam: true,
      transfer: [],
    })
  }
  if (operations.length > 0 && granted.create['Task']) operations.push(taskFor(given, owner?.to.id ?? from, contact))
  return { operations, owner, contact }
}

function ownerOf({ lead, account, owners, territories }: Given): LeadPlan['owner'] {
  if (!territories) return null
  const seat = factsOfAccount(account.id, account.values).address
  const place = seat.country === null ? factsOfLead(lead.id, lead.values).address : seat
  const rule = territoryOf(place, territories.rules)
  const to = owners.find(({ username, isActive }) => isActive && username.toLowerCase() === rule?.owner?.toLowerCase())
  if (!rule || !to || lead.values['OwnerId'] === to.id) return null
  const citation = cite({ name: 'territory-rules', version: territories.version }, TERRITORIES)
  return { to, territory: rule.territory, citation }
}

function contactOf({ lead, company }: Given): NamedRecord | null {
  const email = firstText(lead.values, ['Email'])?.toLowerCase()
  if (!email) return null
  const found = company
    .flatMap((account) => children(account, 'Contacts'))
    .filter(({ values }) => String(values['Email'] ?? '').toLowerCase() === email)
    .sort((a: Child, b: Child) => (a.id < b.id ? -1 : 1))[0]
  return found ? namedChild('Contact', found) : null
}

/** The org lets a task point at a lead or at a contact with its account, not at a lead and an account. */
function taskFor(
  { lead, account, at, mission }: Given,
  ownerId: string | null,
  contact: NamedRecord | null,
): Operation {
  const rule = 'rule:follow up a matched lead'
  const person = named(lead)
  const about = contact
    ? `${person.name} is already a contact of ${named(account).name}: ${contact.name} (${contact.id}). Lead: ${lead.id}.`
    : `The lead ${person.name} belongs to ${named(account).name} (${account.id}).`
  const values: Record<string, string | null> = {
    Subject: fittingField(`Follow up: ${firstText(lead.values, ['Company']) ?? person.name}`, 255),
    Status: 'Not Started',
    Priority: 'Normal',
    ActivityDate: nextWorkingDay(at),
    OwnerId: ownerId?.startsWith('005') ? ownerId : null,
    WhoId: contact?.id ?? lead.id,
    WhatId: contact ? account.id : null,
    Description: about,
  }
  const allowed = mission.definition.propose.create['Task'] ?? []
  const fields = Object.fromEntries(
    Object.entries(values)
      .filter(([field, value]) => value !== null && allowed.includes(field))
      .map(([field, to]) => [field, { to, source: rule }]),
  )
  return { kind: 'create', object: 'Task', key: 'followUp', fields }
}

/** The next day that is no Saturday or Sunday, as `YYYY-MM-DD`, in UTC. */
function nextWorkingDay(iso: string): string {
  const today = Math.floor((millisOf(iso) ?? 0) / 86_400_000)
  // 1970-01-01 was a Thursday.
  const weekday = (today + 4) % 7
  const days = weekday === 5 ? 3 : weekday === 6 ? 2 : 1
  return addSeconds(iso, days * 86_400).slice(0, 10)
}
