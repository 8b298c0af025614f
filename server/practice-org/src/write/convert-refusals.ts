// Refusals of lead conversion (docs/sources.md#lead-conversion); all texts but the first are remembered [K].
import type { OrgError } from '../org/org.ts'
import { type Write, writableRow } from '../rules/core.ts'
import { normalizeId } from '../schema/ids.ts'
import { noAccess, refusal } from '../schema/refuse.ts'
import type { Row } from '../store/row.ts'
import type { LeadConvertRequest } from '../org/row-calls.ts'

const MAX_NAME = 80
const refused = (message: string) =>
  refusal('INVALID_FIELD', `One or more leads couldn't be converted. ${message}`, ['Id'])
export const wrongReference = (message = 'invalid cross reference id', fields: string[] = []): OrgError =>
  refusal('INVALID_CROSS_REFERENCE_KEY', message, fields)

/** Refuses arguments that exclude each other. */
export function checkArguments(request: LeadConvertRequest): void {
  const { doNotCreateOpportunity, opportunityName, opportunityId, overwriteLeadSource, contactId } = request
  if (doNotCreateOpportunity && (opportunityName || opportunityId || request.opportunityRecord)) {
    throw refused('If doNotCreateOpportunity is true, opportunityName and opportunityId must be null.')
  }
  if (opportunityName && opportunityId) {
    throw refused('Specify either opportunityName or opportunityId, not both.')
  }
  if (overwriteLeadSource && !contactId) throw refused('If overwriteLeadSource is true, contactId must be specified.')
  if (contactId && !request.accountId) throw refused('If contactId is specified, accountId must be specified.')
  if (contactId && (request.relatedPersonAccountId || request.relatedPersonAccountRecord)) {
    throw refused('A lead becomes either a contact or a person account, not both.')
  }
  if ((opportunityName ?? '').length > MAX_NAME) {
    const message = `Opportunity Name: data value too large: ${opportunityName} (max length=${MAX_NAME})`
    throw refusal('STRING_TOO_LONG', message, ['Name'])
  }
}

/** The lead, if it and the caller are fit for its conversion. */
export function convertibleLead(write: Write, request: LeadConvertRequest): Row {
  const { system } = write.user
  const lead = write.catalog.get('Lead')
  const id = normalizeId(request.leadId)
  const row = id === undefined ? undefined : write.store.row(lead, id)
  if (!row || id === undefined) throw wrongReference()
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

/** Who will own the new records: an active user, which the queue of a lead is not. */
export function ownerOf(write: Write, lead: Row, given: string | undefined): string {
  const id = given === undefined || given === '' ? String(lead['OwnerId']) : (normalizeId(given) ?? given)
  const user = write.store.row(write.catalog.get('User'), id)
  if (user?.['IsActive'] === 1) return id
  throw wrongReference('The owner of a converted lead must be an active user', ['OwnerId'])
}
