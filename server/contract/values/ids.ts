import { z } from 'zod'

/** A Salesforce id in its 18-character form. */
export const SalesforceId = z.string().regex(/^[a-zA-Z0-9]{18}$/, 'an 18-character Salesforce id')
export const ApiName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,79}$/, 'an API name')

/** One record of the org. */
export interface RecordKey {
  object: string
  id: string
}
