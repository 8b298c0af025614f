import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import { ToolFailure, UnclearAnswer } from '../failure/failure.ts'
import type { CallCount } from './calls.ts'
import type { OrgConnection } from './connection.ts'

/** An XML element: text, elements in order, or nothing. */
export type Xml = string | boolean | [name: string, content: Xml][]

const NAMESPACE = 'urn:partner.soap.sforce.com'
const RECORD_NAMESPACE = 'urn:sobject.partner.soap.sforce.com'
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  isArray: (name) => ['result', 'errors', 'mergedRecordIds', 'updatedRelatedIds', 'fields'].includes(name),
})

const Text = z.union([z.string(), z.object({}).transform(() => '')])
const SoapError = z.object({ statusCode: z.string(), message: z.string(), fields: z.array(Text).optional() })
const Result = z.looseObject({
  success: z.enum(['true', 'false']),
  id: Text.optional(),
  errors: z.array(SoapError).optional(),
})
const Envelope = z.object({ Envelope: z.object({ Body: z.record(z.string(), z.unknown()) }) })

interface SoapResult {
  success: boolean
  error: { code: string; message: string; fields: string[] } | null
  /** Every other element of the result by name. */
  raw: Record<string, unknown>
}

/**
 * One SOAP partner write, sent once, in AllOrNone. `headers` go beside the session.
 * jsforce's own SOAP calls take neither headers nor a deadline.
 */
export async function soapWrite(
  connection: OrgConnection,
  call: { name: string; content: Xml; headers?: [string, Xml][] },
  count: CallCount,
): Promise<SoapResult[]> {
  const header = (token: string): Xml => [
    ['SessionHeader', [['sessionId', token]]],
    ['CallOptions', [['client', 'missions']]],
    ...(call.headers ?? []),
  ]
  const answer = await connection.send(
    {
      method: 'POST',
      path: `/services/Soap/u/${connection.apiVersion}`,
      headers: { 'content-type': 'text/xml; charset=UTF-8', SOAPAction: '""' },
      body: (token) => envelope(header(token), [[call.name, call.content]]),
      write: true,
    },
    count,
  )
  return resultsOf(answer)
}

/** The error that made the org roll all rows back; null when every row was written. The others only report the rollback. */
export function refusalOfRows(results: readonly SoapResult[]): SoapResult['error'] {
  const failed = results.flatMap(({ success, error }) => (success ? [] : [error ?? NO_REASON]))
  return failed.find(({ code }) => code !== 'ALL_OR_NONE_OPERATION_ROLLED_BACK') ?? failed[0] ?? null
}

const NO_REASON = { code: 'UNKNOWN', message: 'the org gave no reason', fields: [] }

/** `<fieldsToNull>` for blanks and one element per value, as the partner API wants a record. */
export function soapRecord(type: string, id: string, fields: Record<string, string | boolean | null>): Xml {
  const entries = Object.entries(fields)
  const blank = entries.filter(([, value]) => value === null || value === '')
  const filled = entries.filter(([, value]) => value !== null && value !== '') as [string, string | boolean][]
  const nulls = blank.map(([name]): [string, Xml] => ['s:fieldsToNull', name])
  return [
    ['s:type', type],
    ...nulls,
    ['s:Id', id],
    ...filled.map(([name, value]): [string, Xml] => [`s:${name}`, value]),
  ]
}

function envelope(header: Xml, body: Xml): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:s="${RECORD_NAMESPACE}">` +
    `<soapenv:Header xmlns="${NAMESPACE}">${xml(header)}</soapenv:Header>` +
    `<soapenv:Body xmlns="${NAMESPACE}">${xml(body)}</soapenv:Body></soapenv:Envelope>`
  )
}

function xml(content: Xml): string {
  if (typeof content === 'boolean') return String(content)
  if (typeof content === 'string') return escaped(content)
  return content.map(([name, child]) => `<${name}>${xml(child)}</${name}>`).join('')
}

/** C0 controls other than tab and line ends, and two code points that are no characters. */
const unfit = (text: string) => /[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]/u.test(text)

/** XML 1.0 has no form at all for most control characters, so such text cannot be written over SOAP. */
function escaped(text: string): string {
  if (unfit(text)) {
    throw new ToolFailure('bad-request', 'a value has control characters that SOAP cannot carry')
  }
  return text.replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function resultsOf(text: string): SoapResult[] {
  const parsed = Envelope.safeParse(readXml(text))
  const response = parsed.success
    ? Object.entries(parsed.data.Envelope.Body).find(([name]) => !name.startsWith('@'))
    : null
  const results = z.object({ result: z.array(Result) }).safeParse(response?.[1])
  if (!results.success) throw new UnclearAnswer('the org answered a SOAP call with another shape')
  return results.data.result.map(({ success, errors, ...raw }) => {
    const first = errors?.[0]
    const error = first ? { code: first.statusCode, message: first.message, fields: first.fields ?? [] } : null
    return { success: success === 'true', error, raw }
  })
}

function readXml(text: string): unknown {
  try {
    return parser.parse(text)
  } catch (cause) {
    throw new UnclearAnswer('the org answered a SOAP call with something that is not XML', cause)
  }
}
