import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { LeadConvertRequest, LeadConvertResult } from '../../org/row-calls.ts'
import { refusal } from '../../wire/http/errors.ts'
import { failed } from '../../wire/rows/save-rows.ts'
import type { SoapCall } from './envelope.ts'
import { errorElement } from './row-calls.ts'
import { readSObject } from './sobject.ts'
import { all, elements, flag, isElement, text, type XmlElement } from '../../wire/xml/xml.ts'

const MAX_LEADS = 100

/** `convertLead(LeadConvert+)`: one result per lead. */
export function convertLead(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const requests = elements(call.body, 'leadConverts')
  if (requests.length === 0) throw refusal.badInput('leadConverts is missing', 'MISSING_ARGUMENT')
  if (requests.length > MAX_LEADS) throw refusal.badInput('too many leads', 'EXCEEDED_LEAD_CONVERT_LIMIT')
  return requests.map((request) => convertResult(convertOne(request, call, org, caller)))
}

function convertOne(element: XmlElement, call: SoapCall, org: Org, caller: Caller): LeadConvertResult {
  const leadId = text(element, 'leadId') ?? ''
  try {
    return org.convertLead(caller, { ...readRequest(element, leadId), ...readRecords(element, call, org, caller) })
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    const { errors } = failed(error)
    return { leadId, accountId: null, contactId: null, opportunityId: null, success: false, errors }
  }
}

const OPTIONAL_TEXTS = [
  'accountId',
  'contactId',
  'opportunityId',
  'opportunityName',
  'ownerId',
  'relatedPersonAccountId',
] as const
const OPTIONAL_FLAGS = [
  'doNotCreateOpportunity',
  'overwriteLeadSource',
  'bypassAccountDedupeCheck',
  'bypassContactDedupeCheck',
] as const
const RECORDS = ['accountRecord', 'contactRecord', 'opportunityRecord', 'relatedPersonAccountRecord'] as const

function readRequest(element: XmlElement, leadId: string): LeadConvertRequest {
  const request: LeadConvertRequest = { leadId, convertedStatus: text(element, 'convertedStatus') ?? '' }
  for (const name of OPTIONAL_TEXTS) {
    const value = text(element, name)
    if (value) request[name] = value
  }
  for (const name of OPTIONAL_FLAGS) {
    if (text(element, name) !== undefined) request[name] = flag(element, name)
  }
  return request
}

/** Records that bring values for what the conversion makes; one with an id names an existing record as well. */
function readRecords(element: XmlElement, call: SoapCall, org: Org, caller: Caller): Partial<LeadConvertRequest> {
  const request: Partial<LeadConvertRequest> = {}
  for (const name of RECORDS) {
    const [record] = all(element, name)
    if (!isElement(record)) continue
    const { id, fields } = readSObject(org, caller, call, record)
    request[name] = fields
    if (id) request[name.replace('Record', 'Id') as 'accountId'] = id
  }
  return request
}

function convertResult(result: LeadConvertResult): Record<string, unknown> {
  return {
    accountId: result.accountId,
    contactId: result.contactId,
    errors: result.errors.map(errorElement),
    leadId: result.leadId === '' ? null : result.leadId,
    opportunityId: result.opportunityId,
    relatedPersonAccountId: result.relatedPersonAccountId ?? undefined,
    success: result.success,
  }
}
