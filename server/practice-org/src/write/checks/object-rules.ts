// Rules between fields that an org enforces on single objects: activities, account relations, campaign members, people.
import { labelOf, type ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { refusal, requiredMissing } from '../../schema/refuse.ts'
import type { Row } from '../../store/row.ts'
import { checkTimes } from './activities.ts'
import { checkPerson, checkPersonContact } from './person-account.ts'
import { checkItem, checkPrice } from './products.ts'
import { checkShare } from './shares.ts'

/** Refuses a row that its object's own rules forbid; codes and texts of the last three are remembered only [K]. */
export function checkObjectRules(write: Write, object: ObjectDef, before: Row | undefined, after: Row): void {
  checkShare(write, object, before, after)
  switch (object.name) {
    case 'OpportunityLineItem':
    case 'OrderItem':
      return checkItem(write, object, after)
    case 'PricebookEntry':
      return checkPrice(write, object, before, after)
    case 'Task':
    case 'Event':
      return checkActivity(object, before, after)
    case 'AccountContactRelation':
      return before ? undefined : checkRelation(write, object, after)
    case 'CampaignMember':
      return checkMember(write, object, before, after)
    case 'Account':
      return checkPerson(write, object, before, after)
    case 'Contact':
      return checkPersonContact(before, after)
  }
}

function checkActivity(object: ObjectDef, before: Row | undefined, row: Row): void {
  if (String(row['WhoId'] ?? '').startsWith('00Q') && row['WhatId']) {
    const field = object.byName.get('whatid')
    const message = `${field ? labelOf(field) : 'WhatId'}: A lead cannot be combined with a related record`
    throw refusal('FIELD_INTEGRITY_EXCEPTION', message, ['WhatId'])
  }
  if (object.name === 'Event') checkTimes(before, row)
}

/** One relation per account and contact; a contact without an account of its own has none. */
function checkRelation(write: Write, object: ObjectDef, row: Row): void {
  const contact = write.store.row(write.catalog.get('Contact'), String(row['ContactId']))
  if (contact && contact['AccountId'] === null) {
    const message = 'A contact must have an account of its own before it can be related to others.'
    throw refusal('FIELD_INTEGRITY_EXCEPTION', message, ['ContactId'])
  }
  const others = write.store.rowsWhere(object, 'ContactId', row['ContactId'] ?? null)
  const same = others.find((each) => each['AccountId'] === row['AccountId'] && each['IsDeleted'] === 0)
  if (same) throw refusal('DUPLICATE_VALUE', 'There is already a relationship with this contact for the account.', [])
}

/** A member is a lead or a contact, and is so once per campaign. */
function checkMember(write: Write, object: ObjectDef, before: Row | undefined, row: Row): void {
  const field = row['ContactId'] ? 'ContactId' : 'LeadId'
  if (!row[field]) throw requiredMissing(['LeadId', 'ContactId'])
  if (before?.[field] === row[field]) return
  const twin = write.store
    .rowsWhere(object, field, row[field])
    .find((each) => each['CampaignId'] === row['CampaignId'] && each['IsDeleted'] === 0 && each['Id'] !== row['Id'])
  if (twin) throw refusal('DUPLICATE_VALUE', 'Already a campaign member.', [])
}

/** The relation between a contact and the account it belongs to is no row of its own: it goes with the lookup [K]. */
export function checkDeletable(object: ObjectDef, row: Row): void {
  if (object.name === 'Contact' && row['IsPersonAccount'] === 1) {
    throw refusal('DELETE_FAILED', 'This contact belongs to a person account. Delete the account instead.', [])
  }
  if (object.name !== 'AccountContactRelation' || row['IsDirect'] !== 1) return
  const message = "You can't delete a direct relationship. Change the contact's account instead."
  throw refusal('DELETE_FAILED', message, [])
}
