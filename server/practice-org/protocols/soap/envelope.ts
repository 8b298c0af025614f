import type { WriteOptions } from '../../org.ts'
import { SoapFault } from './fault.ts'
import { buildXml } from './build-xml.ts'
import { child, elements, isElement, parseXml, text, type XmlElement } from './xml.ts'

/** One SOAP call as parsed from its envelope. */
export interface SoapCall {
  method: string
  body: XmlElement
  sessionId?: string
  client?: string
  allOrNone: boolean
  batchSize?: number
  write: WriteOptions
}

/** @throws SoapFault for anything that is no envelope with one call in its body */
export function parseEnvelope(xml: string): SoapCall {
  const envelope = parseXml(xml)['Envelope']
  if (!isElement(envelope)) throw new SoapFault('soapenv:Client', 'The request has no SOAP envelope')
  const header = child(envelope, 'Header')
  const [call, ...more] = Object.entries(child(envelope, 'Body'))
  if (!call || more.length > 0) throw new SoapFault('soapenv:Client', 'The SOAP body must hold exactly one call')
  const [method, body] = call
  const batchSize = Number(text(child(header, 'QueryOptions'), 'batchSize'))
  return {
    method,
    body: isElement(body) ? body : {},
    sessionId: text(child(header, 'SessionHeader'), 'sessionId'),
    client: text(child(header, 'CallOptions'), 'client'),
    allOrNone: isYes(text(child(header, 'AllOrNoneHeader'), 'allOrNone')),
    ...(batchSize > 0 ? { batchSize: Math.min(2000, Math.max(200, batchSize)) } : {}),
    write: writeOptions(header),
  }
}

function writeOptions(header: XmlElement): WriteOptions {
  const owner = elements(child(header, 'OwnerChangeOptions'), 'options').flatMap((option) => {
    const type = text(option, 'type')
    return type ? [[type, isYes(text(option, 'execute'))] as const] : []
  })
  return {
    ...(isYes(text(child(header, 'DuplicateRuleHeader'), 'allowSave')) ? { allowSaveOnDuplicate: true } : {}),
    ...(owner.length > 0 ? { ownerChange: Object.fromEntries(owner) } : {}),
  }
}

export function isYes(value: string | undefined): boolean {
  return value === 'true' || value === '1'
}

const OPEN =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope' +
  ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"' +
  ' xmlns:sf="urn:sobject.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'

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
