import { SoapFault } from '../../wire/xml/fault.ts'
import { buildXml } from '../../wire/xml/build-xml.ts'
import { readOptions, type SoapOptions } from './headers.ts'
import { child, isElement, parseXml, type XmlElement } from '../../wire/xml/xml.ts'

/** One SOAP call as parsed from its envelope. */
export interface SoapCall extends SoapOptions {
  method: string
  /** The namespace of the call's element, or nothing. */
  namespace: string
  body: XmlElement
}

/** Throws SoapFault for anything that is no envelope with one call in its body. */
export function parseEnvelope(xml: string): SoapCall {
  const envelope = parseXml(xml)['Envelope']
  if (!isElement(envelope)) throw new SoapFault('soapenv:Client', 'The request has no SOAP envelope')
  const [call, ...more] = Object.entries(child(envelope, 'Body'))
  if (!call || more.length > 0) throw new SoapFault('soapenv:Client', 'The SOAP body must hold exactly one call')
  const [method, body] = call
  return {
    ...readOptions(child(envelope, 'Header')),
    method,
    namespace: namespaceOf(xml, method),
    body: isElement(body) ? body : {},
  }
}

/** Looked up in the text, since calls are matched by local names: many clients declare it in a place of their own. */
function namespaceOf(xml: string, method: string): string {
  const start = new RegExp(`<(?:([\\w.-]+):)?${method.replaceAll('.', '\\.')}(?=[\\s/>])[^>]*>`).exec(xml)
  if (!start) return ''
  const declared = start[1] === undefined ? 'xmlns' : `xmlns:${start[1].replaceAll('.', '\\.')}`
  const inScope = xml.slice(0, start.index + start[0].length)
  const found = [...inScope.matchAll(new RegExp(`(?<=\\s)${declared}\\s*=\\s*["']([^"']*)["']`, 'g'))]
  return found.at(-1)?.[1] ?? ''
}

const OPEN =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope' +
  ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"' +
  ' xmlns:sf="urn:sobject.partner.soap.sforce.com" xmlns:xsd="http://www.w3.org/2001/XMLSchema"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'

/** An answer: `<methodResponse><result>…` once per result. */
export function responseXml(method: string, results: unknown[], usage: { limit: number; total: number }): string {
  const limitInfo = { current: usage.total, limit: usage.limit, type: 'API REQUESTS' }
  const header = buildXml({ 'soapenv:Header': { LimitInfoHeader: { limitInfo } } })
  const response = results.length > 0 ? { result: results } : ''
  return `${OPEN}${header}<soapenv:Body>${buildXml({ [`${method}Response`]: response })}</soapenv:Body></soapenv:Envelope>`
}

export function faultEnvelope(fault: string): string {
  const open = OPEN.replace('urn:sobject.partner', 'urn:fault.partner')
  return `${open}<soapenv:Body>${fault}</soapenv:Body></soapenv:Envelope>`
}

const METADATA = 'http://soap.sforce.com/2006/04/metadata'

/** An answer of the Metadata API. */
export function metadataResponseXml(method: string, results: unknown[]): string {
  const open = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"`
  const names = `xmlns="${METADATA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`
  const body = buildXml({ [`${method}Response`]: { result: results } })
  return `${open} ${names}><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
}

/** A fault of the Metadata API: code and text alone. */
export function metadataFaultEnvelope({ code, message }: SoapFault): string {
  const open = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"`
  const fault = buildXml({ 'soapenv:Fault': { faultcode: code, faultstring: message } })
  return `${open} xmlns:sf="${METADATA}"><soapenv:Body>${fault}</soapenv:Body></soapenv:Envelope>`
}
