import { OrgError } from '../../../org/org.ts'
import { SoapFault } from '../../../wire/xml/fault.ts'

/** A refusal with the exception code that clients of the older API read. */
export class BatchError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** What the older API calls a refusal of the org; undefined for a failure that is none. */
export function batchErrorOf(error: unknown): BatchError | undefined {
  if (error instanceof BatchError) return error
  if (error instanceof SoapFault) return new BatchError('InvalidXML', 'Unable to parse the request')
  if (!(error instanceof OrgError)) return undefined
  const { errorCode, message } = error.body
  if (errorCode === 'INVALID_SESSION_ID') return new BatchError('InvalidSessionId', 'Invalid session id')
  if (errorCode === 'REQUEST_LIMIT_EXCEEDED') return new BatchError('ExceededQuota', message)
  return new BatchError(errorCode === 'NOT_FOUND' ? 'InvalidEntity' : 'ClientInputError', message)
}
