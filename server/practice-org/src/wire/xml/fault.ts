import type { OrgError } from '../../org/org.ts'
import { buildXml } from './build-xml.ts'

/** A request-level refusal: HTTP 500 with a SOAP fault. `code` is `sf:CODE`, or `soapenv:Client` for bad envelopes. */
export class SoapFault extends Error {
  readonly code: string
  readonly type: string
  constructor(code: string, message: string, type = 'UnexpectedErrorFault') {
    super(message)
    this.name = 'SoapFault'
    this.code = code
    this.type = type
  }
}

const FAULT_TYPES: Record<string, string> = {
  INVALID_FIELD: 'InvalidFieldFault',
  MALFORMED_QUERY: 'MalformedQueryFault',
  INVALID_TYPE: 'InvalidSObjectFault',
  MALFORMED_SEARCH: 'MalformedSearchFault',
  INVALID_QUERY_LOCATOR: 'InvalidQueryLocatorFault',
  INVALID_LOGIN: 'LoginFault',
  MALFORMED_ID: 'InvalidIdFault',
  INVALID_ID_FIELD: 'InvalidIdFault',
}
/** Faults that extend `ApiQueryFault`: they say where in the query the error is, -1 when it is in none. */
const WITH_PLACE = ['InvalidFieldFault', 'MalformedQueryFault', 'InvalidSObjectFault', 'MalformedSearchFault']

/** The fault an org raises for a refusal that concerns the whole call. */
export function faultOf(error: OrgError): SoapFault {
  const { errorCode, message } = error.body
  return new SoapFault(`sf:${errorCode}`, `${errorCode}: ${message}`, FAULT_TYPES[errorCode] ?? 'UnexpectedErrorFault')
}

/** The `soapenv:Fault` element; jsforce reads the unprefixed faultcode and faultstring. */
export function faultXml(fault: SoapFault): string {
  const code = fault.code.replace(/^\w+:/, '')
  const message = fault.message.startsWith(`${code}: `) ? fault.message.slice(code.length + 2) : fault.message
  const detail = fault.code.startsWith('sf:')
    ? {
        [`sf:${fault.type}`]: {
          '@xsi:type': `sf:${fault.type}`,
          'sf:exceptionCode': code,
          'sf:exceptionMessage': message,
          ...(WITH_PLACE.includes(fault.type) ? placeOf(message) : {}),
        },
      }
    : undefined
  return buildXml({ 'soapenv:Fault': { faultcode: fault.code, faultstring: fault.message, detail } })
}

function placeOf(message: string): Record<string, number> {
  const [, row = -1, column = -1] = /ERROR at Row:(\d+):Column:(\d+)/.exec(message) ?? []
  return { 'sf:row': Number(row), 'sf:column': Number(column) }
}
