// Merge and conversion as callers ask for them, and how single saves end.
import type { Value } from './values.ts'

export interface SaveResult {
  id: string | null
  success: boolean
  created?: boolean
  errors: { statusCode: string; message: string; fields: string[] }[]
}

export interface MergeRequest {
  type: string
  masterId: string
  /** Field values to set on the master. */
  fields: Record<string, Value>
  loserIds: string[]
}

export interface MergeResult {
  id: string
  success: boolean
  mergedRecordIds: string[]
  updatedRelatedIds: string[]
  errors: { statusCode: string; message: string; fields: string[] }[]
}

export interface LeadConvertRequest {
  leadId: string
  convertedStatus: string
  accountId?: string
  contactId?: string
  opportunityId?: string
  opportunityName?: string
  doNotCreateOpportunity?: boolean
  overwriteLeadSource?: boolean
  ownerId?: string
  /** The person account that becomes the contact of the account; `accountId` then is a company or absent. */
  relatedPersonAccountId?: string
  /** Values for the records of the conversion, over those of the lead. */
  accountRecord?: Record<string, Value>
  contactRecord?: Record<string, Value>
  opportunityRecord?: Record<string, Value>
  relatedPersonAccountRecord?: Record<string, Value>
  /** Duplicate rules say nothing about the new account or contact. */
  bypassAccountDedupeCheck?: boolean
  bypassContactDedupeCheck?: boolean
}

export interface LeadConvertResult {
  leadId: string
  accountId: string | null
  contactId: string | null
  opportunityId: string | null
  relatedPersonAccountId?: string | null
  success: boolean
  errors: { statusCode: string; message: string; fields: string[] }[]
}
