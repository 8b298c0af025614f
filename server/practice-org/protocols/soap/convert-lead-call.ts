import { OrgError, type Caller, type LeadConvertRequest, type LeadConvertResult, type Org } from '../../org.ts'
import { refusal } from '../http/errors.ts'
import { failed } from '../writes/save-rows.ts'
import type { SoapCall } from './envelope.ts'
import { errorElement } from './row-calls.ts'
import { elements, flag, text, type XmlElement } from './xml.ts'

const MAX_LEADS = 100

/** `convertLead(LeadConvert+)`: one result per lead. */
export function convertLead(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const requests = elements(call.body, 'leadConverts')
  if (requests.length === 0) throw refusal.badInput('leadConverts is missing', 'MISSING_ARGUMENT')
  if (requests.length > MAX_LEADS) throw refusal.badInput('too many leads', 'EXCEEDED_LEAD_CONVERT_LIMIT')
  return requests.map((request) => convertResult(convertOne(request, org, caller)))
}

function convertOne(element: XmlElement, org: Org, caller: Caller): LeadConvertResult {
  const leadId = text(element, 'leadId') ?? ''
  try {
    return org.convertLead(caller, readRequest(element, leadId))
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    const { errors } = failed(error)
    return { leadId, accountId: null, contactId: null, opportunityId: null, success: false, errors }
  }
}

const OPTIONAL_TEXTS = ['accountId', 'contactId', 'opportunityId', 'opportunityName', 'ownerId'] as const
const OPTIONAL_FLAGS = ['doNotCreateOpportunity', 'overwriteLeadSource'] as const

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

function convertResult(result: LeadConvertResult): Record<string, unknown> {
  return {
    accountId: result.accountId,
    contactId: result.contactId,
    errors: result.errors.map(errorElement),
    leadId: result.leadId,
    opportunityId: result.opportunityId,
    success: result.success,
  }
}
