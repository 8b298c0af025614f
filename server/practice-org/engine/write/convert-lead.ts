// Converting a lead into an account, a contact and perhaps an opportunity (salesforce-facts 5.5).
import type { ObjectDef } from '../catalog.ts'
import { type Write, writableRow } from '../core.ts'
import { formatDate } from '../dates.ts'
import { normalizeId } from '../ids.ts'
import { noAccess, refusal } from '../refuse.ts'
import type { Row, Stored } from '../store.ts'
import type { LeadConvertRequest, LeadConvertResult } from '../../org.ts'
import { applyChanges, writeRow } from './apply.ts'
import { defaultRow } from './check.ts'
import { insertNew } from './create.ts'

/** Standard mapping from lead fields to those of the three targets. */
const ADDRESS = ['Street', 'City', 'State', 'PostalCode', 'Country', 'Latitude', 'Longitude', 'GeocodeAccuracy']
const mailed = (prefix: string): [string, string][] => ADDRESS.map((part) => [part, prefix + part])
const MAPPINGS: Record<'Account' | 'Contact' | 'Opportunity', [lead: string, target: string][]> = {
  Account: [
    ['Company', 'Name'],
    ['Phone', 'Phone'],
    ['Fax', 'Fax'],
    ['Website', 'Website'],
    ['Industry', 'Industry'],
    ['AnnualRevenue', 'AnnualRevenue'],
    ['NumberOfEmployees', 'NumberOfEmployees'],
    ['Rating', 'Rating'],
    ['LeadSource', 'AccountSource'],
    ...mailed('Billing'),
  ],
  Contact: [
    ...['FirstName', 'LastName', 'Salutation', 'Title', 'Email', 'Phone', 'MobilePhone', 'Fax', 'LeadSource'].map(
      (name): [string, string] => [name, name],
    ),
    ...['Description', 'HasOptedOutOfEmail', 'HasOptedOutOfFax', 'DoNotCall'].map((name): [string, string] => [
      name,
      name,
    ]),
    ...mailed('Mailing'),
  ],
  Opportunity: [['LeadSource', 'LeadSource']],
}

/** Converts a lead; refuses when it is converted already, the status is not a converted one, or a right is missing. */
export function convertLeadRecord(write: Write, request: LeadConvertRequest): LeadConvertResult {
  const lead = write.catalog.get('Lead')
  const row = convertibleLead(write, request)
  const ownerId = ownerOf(write, row, request.ownerId)
  const accountId = accountOf(write, row, request, ownerId)
  const contactId = contactOf(write, row, request, accountId, ownerId)
  const opportunityId = opportunityOf(write, row, request, accountId, contactId, ownerId)
  moveRelated(write, String(row['Id']), contactId, opportunityId ?? accountId)
  const after: Row = {
    ...row,
    Status: request.convertedStatus,
    OwnerId: ownerId,
    IsConverted: 1,
    ConvertedDate: formatDate(write.now()),
    ConvertedAccountId: accountId,
    ConvertedContactId: contactId,
    ConvertedOpportunityId: opportunityId,
    IsUnreadByOwner: 0,
  }
  const changed = Object.keys(after).filter((name) => after[name] !== row[name])
  writeRow(write, lead, row, after, changed)
  return { leadId: String(row['Id']), accountId, contactId, opportunityId, success: true, errors: [] }
}

function convertibleLead(write: Write, request: LeadConvertRequest): Row {
  const { system } = write.user
  const lead = write.catalog.get('Lead')
  const id = normalizeId(request.leadId)
  const row = id === undefined ? undefined : write.store.row(lead, id)
  if (!row || id === undefined) throw refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [])
  if (!system.has('ConvertLeads') && !system.has('ModifyAllData')) throw noAccess()
  if (row['IsDeleted'] === 1) throw refusal('ENTITY_IS_DELETED', 'entity is deleted', [])
  writableRow(write, write.user, lead, id, 'edit')
  if (row['IsConverted'] === 1) throw refusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [])
  const status = write.store.rowsWhere(write.catalog.get('LeadStatus'), 'ApiName', request.convertedStatus)[0]
  if (status?.['IsConverted'] !== 1) {
    throw refusal('INVALID_STATUS', `invalid convertedStatus: ${request.convertedStatus}`, ['Status'])
  }
  return row
}

function ownerOf(write: Write, lead: Row, given: string | undefined): string {
  const id = given === undefined || given === '' ? String(lead['OwnerId']) : (normalizeId(given) ?? given)
  const user = write.store.row(write.catalog.get('User'), id)
  if (!user || user['IsActive'] !== 1) {
    throw refusal('INVALID_CROSS_REFERENCE_KEY', 'The owner of a converted lead must be an active user', ['OwnerId'])
  }
  return id
}

/** Target fields the lead can fill: all for a new record, the blank ones of an existing one. */
function mapped(target: 'Account' | 'Contact' | 'Opportunity', lead: Row, existing?: Row): Row {
  const values = MAPPINGS[target].filter(([from, to]) => {
    const blank = !existing || (existing[to] ?? null) === null
    return (lead[from] ?? null) !== null && blank
  })
  return Object.fromEntries(values.map(([from, to]): [string, Stored] => [to, lead[from] ?? null]))
}

function existingRow(write: Write, object: ObjectDef, id: string): Row {
  const id18 = normalizeId(id)
  const row = id18 !== undefined && write.catalog.byPrefix(id18) === object ? write.store.row(object, id18) : undefined
  if (!row || id18 === undefined) throw refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [])
  if (row['IsDeleted'] === 1) throw refusal('ENTITY_IS_DELETED', 'entity is deleted', [])
  return writableRow(write, write.user, object, id18, 'edit')
}

function newRow(write: Write, objectName: 'Account' | 'Contact' | 'Opportunity', lead: Row, values: Row): string {
  const object = write.catalog.get(objectName)
  if (!write.user.object(object).create) throw noAccess()
  const row = { ...defaultRow(object), ...mapped(objectName, lead), ...values }
  return insertNew(write, object, row, new Set(Object.keys(values)))
}

function accountOf(write: Write, lead: Row, request: LeadConvertRequest, ownerId: string): string {
  if (!request.accountId) return newRow(write, 'Account', lead, { OwnerId: ownerId })
  const object = write.catalog.get('Account')
  const row = existingRow(write, object, request.accountId)
  fillBlanks(write, object, row, mapped('Account', lead, row))
  return String(row['Id'])
}

function contactOf(write: Write, lead: Row, request: LeadConvertRequest, accountId: string, ownerId: string): string {
  if (!request.contactId) return newRow(write, 'Contact', lead, { OwnerId: ownerId, AccountId: accountId })
  const object = write.catalog.get('Contact')
  const row = existingRow(write, object, request.contactId)
  if (!request.accountId || row['AccountId'] !== accountId) {
    throw refusal('INVALID_CROSS_REFERENCE_KEY', 'The contact does not belong to the account', ['ContactId'])
  }
  const source: Row =
    request.overwriteLeadSource && lead['LeadSource'] ? { LeadSource: lead['LeadSource'] ?? null } : {}
  fillBlanks(write, object, row, { ...mapped('Contact', lead, row), ...source })
  return String(row['Id'])
}

function fillBlanks(write: Write, object: ObjectDef, row: Row, values: Row): void {
  if (Object.keys(values).length) applyChanges(write, object, row, values, new Set(Object.keys(values)))
}

function opportunityOf(
  write: Write,
  lead: Row,
  request: LeadConvertRequest,
  accountId: string,
  contactId: string,
  ownerId: string,
): string | null {
  const object = write.catalog.get('Opportunity')
  const existing = request.opportunityId ? existingRow(write, object, request.opportunityId) : undefined
  if (!existing && request.doNotCreateOpportunity) return null
  const id = existing ? String(existing['Id']) : newOpportunity(write, lead, request, accountId, ownerId)
  const role = write.catalog.get('OpportunityContactRole')
  const known = write.store
    .rowsWhere(role, 'OpportunityId', id)
    .some((row) => row['ContactId'] === contactId && row['IsDeleted'] === 0)
  if (!known)
    insertNew(
      write,
      role,
      { ...defaultRow(role), OpportunityId: id, ContactId: contactId, IsPrimary: existing ? 0 : 1 },
      new Set(),
    )
  return id
}

/** Named after the company, in the first stage, closing on the last day of this quarter [K]. */
function newOpportunity(
  write: Write,
  lead: Row,
  request: LeadConvertRequest,
  accountId: string,
  ownerId: string,
): string {
  const now = new Date(write.now())
  const quarterEnd = Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3 + 3, 0)
  const stage = write.store.select('SELECT "ApiName" FROM "OpportunityStage" ORDER BY "SortOrder" LIMIT 1', [])[0]?.[0]
  return newRow(write, 'Opportunity', lead, {
    Name: request.opportunityName?.trim() || `${String(lead['Company'])}-`,
    AccountId: accountId,
    StageName: stage ?? 'Prospecting',
    CloseDate: formatDate(quarterEnd),
    OwnerId: ownerId,
  })
}

/** Campaign memberships and activities go to the contact, notes and attachments to it as well. */
function moveRelated(write: Write, leadId: string, contactId: string, whatId: string): void {
  const move = (objectName: string, field: string, changes: Row): void => {
    const object = write.catalog.get(objectName)
    for (const row of write.store.rowsWhere(object, field, leadId)) {
      if (row['IsDeleted'] === 1) continue
      const after = { ...row, ...changes }
      writeRow(write, object, row, after, Object.keys(changes))
    }
  }
  move('CampaignMember', 'LeadId', { ContactId: contactId })
  move('Task', 'WhoId', { WhoId: contactId, WhatId: whatId })
  move('Event', 'WhoId', { WhoId: contactId, WhatId: whatId })
  move('Note', 'ParentId', { ParentId: contactId })
  move('Attachment', 'ParentId', { ParentId: contactId })
}
