// Converts a lead into an account, a contact or person account, and maybe an opportunity (docs/sources.md#lead-conversion).
import type { ObjectDef } from '../schema/catalog.ts'
import { type Write, writableRow } from '../rules/core.ts'
import { DAY_MS, formatDate, literalRange } from '../schema/dates.ts'
import { checkDuplicates } from '../duplicates/detect.ts'
import { fiscalYear } from '../store/fiscal.ts'
import { normalizeId } from '../schema/ids.ts'
import { isDeleted, noAccess } from '../schema/refuse.ts'
import type { Row } from '../store/row.ts'
import type { Value } from '../org/values.ts'
import type { LeadConvertRequest, LeadConvertResult } from '../org/row-calls.ts'
import { applyChanges } from './apply.ts'
import { defaultRow, givenRow } from './checks/check.ts'
import { checkArguments, convertibleLead, ownerOf, wrongReference } from './convert-refusals.ts'
import { insertNew } from './create.ts'
import { recordSpecial } from './checks/history.ts'
import { mappedFromLead, type Target } from './lead-mapping.ts'
import { applyRecordTypeDefaults, defaultPersonType, defaultRecordType } from './checks/record-types.ts'
import { moveLeadRelated } from './move-lead-related.ts'

interface Conversion {
  write: Write
  request: LeadConvertRequest
  lead: Row
  ownerId: string
}

/** Converts a lead; refuses when it is converted already, the status is not a converted one, or a right is missing. */
export function convertLeadRecord(write: Write, request: LeadConvertRequest): LeadConvertResult {
  checkArguments(request)
  const lead = convertibleLead(write, request)
  const conversion = { write, request, lead, ownerId: ownerOf(write, lead, request.ownerId) }
  const accountId = accountOf(conversion)
  const personId = isPerson(conversion, accountId) ? null : relatedPersonOf(conversion)
  const contactId = contactOf(conversion, accountId, personId)
  const opportunityId = opportunityOf(conversion, accountId, contactId)
  const leadId = String(lead['Id'])
  moveLeadRelated(write, leadId, { contactId, whatId: opportunityId ?? personId ?? accountId })
  const changes: Row = {
    Status: request.convertedStatus,
    OwnerId: conversion.ownerId,
    IsConverted: 1,
    ConvertedDate: formatDate(write.now()),
    ConvertedAccountId: accountId,
    ConvertedContactId: contactId,
    ConvertedOpportunityId: opportunityId,
    IsUnreadByOwner: 0,
  }
  const object = write.catalog.get('Lead')
  applyChanges(write, object, lead, changes, new Set(['Status', 'OwnerId']))
  recordSpecial(write, object, leadId, 'leadConverted')
  return { leadId, accountId, contactId, opportunityId, relatedPersonAccountId: personId, success: true, errors: [] }
}

/** A record the conversion is to go into: it exists, and the caller may change it. */
function existingRow({ write }: Conversion, object: ObjectDef, id: string): Row {
  const id18 = normalizeId(id)
  const row = id18 !== undefined && write.catalog.byPrefix(id18) === object ? write.store.row(object, id18) : undefined
  if (!row || id18 === undefined) throw wrongReference()
  if (row['IsDeleted'] === 1) throw isDeleted()
  return writableRow(write, write.user, object, id18, 'edit')
}

/** Fills the blanks of an existing record, and lays over it what the caller gave for it. */
function fillExisting(conversion: Conversion, target: Target, row: Row, more: Row, given: Record<string, Value> = {}) {
  const { write, lead } = conversion
  const object = write.catalog.get(target === 'PersonAccount' ? 'Account' : target)
  const has = (name: string): boolean => object.byName.has(name.toLowerCase())
  const values = { ...mappedFromLead(target, lead, has, row), ...more, ...givenRow(write, object, given, 'update') }
  if (Object.keys(values).length) applyChanges(write, object, row, values, new Set(Object.keys(values)))
  return String(row['Id'])
}

/** A new record from the lead; duplicate rules are asked for accounts and contacts unless the caller bypasses them. */
function makeNew(conversion: Conversion, target: Target, more: Row, given: Record<string, Value> = {}): string {
  const { write, lead, request, ownerId } = conversion
  const object = write.catalog.get(target === 'PersonAccount' ? 'Account' : target)
  const { create, edit } = write.user.object(object)
  if (!create || !edit) throw noAccess()
  const has = (name: string): boolean => object.byName.has(name.toLowerCase())
  const own = givenRow(write, object, given, 'create')
  const values: Row = { ...mappedFromLead(target, lead, has), OwnerId: ownerId, ...more, ...own }
  const row: Row = { ...defaultRow(object), RecordTypeId: defaultRecordType(write, object), ...values }
  applyRecordTypeDefaults(write, object, row, values)
  const bypassed = object.name === 'Contact' ? request.bypassContactDedupeCheck : request.bypassAccountDedupeCheck
  if (object.name !== 'Opportunity' && !bypassed) checkDuplicates(write, object, row, Object.keys(values), false)
  return insertNew(write, object, row, new Set([...Object.keys(more), ...Object.keys(own)]))
}

function accountOf(conversion: Conversion): string {
  const { write, request } = conversion
  if (!request.accountId) return newAccount(conversion)
  const row = existingRow(conversion, write.catalog.get('Account'), request.accountId)
  const target = row['IsPersonAccount'] === 1 ? 'PersonAccount' : 'Account'
  if (target === 'PersonAccount' && request.contactId) {
    throw wrongReference('A person account takes no contact', ['ContactId'])
  }
  return fillExisting(conversion, target, row, {}, request.accountRecord)
}

/** A lead without a company becomes a person, in an org that has record types of persons. */
function newAccount(conversion: Conversion): string {
  const { write, request, lead } = conversion
  const isPerson = lead['Company'] === null && request.relatedPersonAccountId === undefined
  const type = isPerson ? defaultPersonType(write, write.catalog.get('Account')) : null
  if (type === null) return makeNew(conversion, 'Account', {}, request.accountRecord)
  const more = { IsPersonAccount: 1, Name: lead['Name'] ?? null, RecordTypeId: type }
  return makeNew(conversion, 'PersonAccount', more, request.accountRecord)
}

function relatedPersonOf(conversion: Conversion): string | null {
  const { write, request, lead } = conversion
  const { relatedPersonAccountId, relatedPersonAccountRecord } = request
  if (!relatedPersonAccountId) {
    if (!relatedPersonAccountRecord) return null
    const accounts = write.catalog.get('Account')
    const RecordTypeId = defaultPersonType(write, accounts)
    const more = { IsPersonAccount: 1, Name: lead['Name'] ?? null, RecordTypeId }
    return makeNew(conversion, 'PersonAccount', more, relatedPersonAccountRecord)
  }
  const row = existingRow(conversion, write.catalog.get('Account'), relatedPersonAccountId)
  if (row['IsPersonAccount'] !== 1) throw wrongReference('This is no person account', ['RelatedPersonAccountId'])
  return fillExisting(conversion, 'PersonAccount', row, {}, relatedPersonAccountRecord)
}

const accountRow = ({ write }: Conversion, id: string): Row | undefined =>
  write.store.row(write.catalog.get('Account'), id)
const isPerson = (conversion: Conversion, accountId: string): boolean =>
  accountRow(conversion, accountId)?.['IsPersonAccount'] === 1

/** The contact of the person account, where the lead becomes one; else an existing or a new contact of the account. */
function contactOf(conversion: Conversion, accountId: string, personId: string | null): string | null {
  const { write, request, lead } = conversion
  if (personId || isPerson(conversion, accountId)) {
    const person = accountRow(conversion, personId ?? accountId)
    return typeof person?.['PersonContactId'] === 'string' ? person['PersonContactId'] : null
  }
  if (!request.contactId) return makeNew(conversion, 'Contact', { AccountId: accountId }, request.contactRecord)
  const row = existingRow(conversion, write.catalog.get('Contact'), request.contactId)
  if (row['AccountId'] !== accountId) throw wrongReference('The contact does not belong to the account', ['ContactId'])
  const source: Row =
    request.overwriteLeadSource && lead['LeadSource'] ? { LeadSource: lead['LeadSource'] ?? null } : {}
  return fillExisting(conversion, 'Contact', row, source, request.contactRecord)
}

function opportunityOf(conversion: Conversion, accountId: string, contactId: string | null): string | null {
  const { write, request } = conversion
  if (!request.opportunityId && request.doNotCreateOpportunity) return null
  const object = write.catalog.get('Opportunity')
  const existing = request.opportunityId ? existingRow(conversion, object, request.opportunityId) : undefined
  if (existing && existing['AccountId'] !== null && existing['AccountId'] !== accountId) {
    throw wrongReference('The opportunity does not belong to the account', ['OpportunityId'])
  }
  const more: Row = existing?.['AccountId'] === null ? { AccountId: accountId } : {}
  const id = existing
    ? fillExisting(conversion, 'Opportunity', existing, more, request.opportunityRecord)
    : newOpportunity(conversion, accountId)
  if (contactId) addRole(write, id, contactId, existing === undefined)
  return id
}

/** Named after the company, in the first stage, closing on the last day of this fiscal quarter [K]. */
function newOpportunity(conversion: Conversion, accountId: string): string {
  const { write, request, lead } = conversion
  const calendar = { timeZone: 'GMT', weekStart: 0, ...fiscalYear(write.store, write.catalog) }
  const quarter = literalRange('THIS_FISCAL_QUARTER', write.now(), calendar)
  const stage = write.store.select('SELECT "ApiName" FROM "OpportunityStage" ORDER BY "SortOrder" LIMIT 1', [])[0]?.[0]
  const more: Row = {
    Name: request.opportunityName?.trim() || String(lead['Company'] ?? lead['Name']).slice(0, 120),
    AccountId: accountId,
    StageName: stage ?? 'Prospecting',
    CloseDate: formatDate((quarter?.to ?? write.now()) - DAY_MS),
  }
  const id = makeNew(conversion, 'Opportunity', more, request.opportunityRecord)
  recordSpecial(write, write.catalog.get('Opportunity'), id, 'opportunityCreatedFromLead')
  return id
}

function addRole(write: Write, opportunityId: string, contactId: string, isPrimary: boolean): void {
  const role = write.catalog.get('OpportunityContactRole')
  const known = write.store
    .rowsWhere(role, 'OpportunityId', opportunityId)
    .some((row) => row['ContactId'] === contactId && row['IsDeleted'] === 0)
  if (known) return
  const row = { ...defaultRow(role), OpportunityId: opportunityId, ContactId: contactId, IsPrimary: Number(isPrimary) }
  insertNew(write, role, row, new Set())
}
