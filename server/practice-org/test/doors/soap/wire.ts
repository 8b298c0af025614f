// Bare SOAP calls as text, for what no client library sends or shows.
import { XMLParser } from 'fast-xml-parser'
import { startPracticeOrg, type PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, tokenOf } from '../../support/running-org.ts'

export type Node = Record<string, unknown>

export interface Answer {
  status: number
  xml: string
  /** The `<result>` elements, by local names. */
  results: Node[]
  /** `faultcode`, `faultstring` and `detail`; empty when there is no fault. */
  fault: Node
  header: Node
}

export interface CallOptions {
  headers?: string
  version?: string
  as?: string
  /** The whole body in place of the call's element. */
  body?: string
  /** `u` for partner, `c` for enterprise. */
  door?: string
  namespace?: string
}

export interface Wire {
  org: PracticeOrg
  call(name: string, content?: string, options?: CallOptions): Promise<Answer>
  /** Creates a row and gives its id. */
  create(type: string, fields: Record<string, string>, as?: string): Promise<string>
  /** One field of one row, deleted or not. */
  value(type: string, id: string, field: string): Promise<unknown>
  token(as?: string): Promise<string>
  later(ms: number): void
  close(): Promise<void>
}

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  isArray: (name) => ['result', 'errors', 'records', 'updatedRelatedIds', 'mergedRecordIds'].includes(name),
})

/** A practice org with a clock that tests move, and SOAP calls to it. */
export async function openWire(): Promise<Wire> {
  let now = Date.UTC(2026, 10, 18, 12)
  const org = await startPracticeOrg({ port: 0, eventsPort: 0, dataDir: null, now: () => now })
  const tokens = new Map<string, string>()
  const token = async (as = ADMIN): Promise<string> => {
    const known = tokens.get(as) ?? (await tokenOf(org.url, as))
    tokens.set(as, known)
    return known
  }
  const call: Wire['call'] = async (name, content = '', options = {}) => {
    const session = await token(options.as)
    const { headers = '', version = '62.0', door = 'u', namespace = 'urn:partner.soap.sforce.com' } = options
    const body = options.body ?? `<${name} xmlns="${namespace}">${content}</${name}>`
    const envelope =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
      `<e:Header><SessionHeader><sessionId>${session}</sessionId></SessionHeader>${headers}</e:Header>` +
      `<e:Body>${body}</e:Body></e:Envelope>`
    return post(`${org.url}/services/Soap/${door}/${version}`, envelope)
  }
  const create: Wire['create'] = async (type, fields, as) => {
    const { results, xml } = await call('create', sObject(type, fields), as ? { as } : {})
    const id = results[0]?.['id']
    if (typeof id !== 'string') throw new Error(xml)
    return id
  }
  const value: Wire['value'] = async (type, id, field) => {
    const { results } = await call(
      'queryAll',
      `<queryString>SELECT ${field} FROM ${type} WHERE Id = '${id}'</queryString>`,
    )
    const [row] = (results[0]?.['records'] ?? []) as Node[]
    return plain(row?.[field])
  }
  /** Sessions of before may be over by then. */
  const later = (ms: number): void => {
    now += ms
    tokens.clear()
  }
  return { org, call, create, value, token, later, close: () => org.close() }
}

export async function post(url: string, body: string): Promise<Answer> {
  const headers = { 'content-type': 'text/xml', SOAPAction: '""' }
  const response = await fetch(url, { method: 'POST', body, headers })
  const xml = await response.text()
  const envelope = nodeOf(nodeOf(parser.parse(xml))['Envelope'])
  const inside = nodeOf(envelope['Body'])
  const [answer] = Object.entries(inside).filter(([name]) => name.endsWith('Response'))
  const results = nodeOf(answer?.[1])['result']
  return {
    status: response.status,
    xml,
    results: Array.isArray(results) ? (results as Node[]) : [],
    fault: nodeOf(inside['Fault']),
    header: nodeOf(envelope['Header']),
  }
}

const nodeOf = (value: unknown): Node => (typeof value === 'object' && value !== null ? (value as Node) : {})

/** `xsi:nil` as null, an element with attributes as its text. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('@nil' in value) return null
  return '#text' in value ? value['#text'] : value
}

/** `<sObjects><type>…</type>…</sObjects>`, or the same under another name. */
export function sObject(type: string, fields: Record<string, string>, element = 'sObjects'): string {
  const parts = Object.entries(fields).map(([name, text]) => `<${name}>${text}</${name}>`)
  return `<${element}><type>${type}</type>${parts.join('')}</${element}>`
}

/** The first error of the first result, as `CODE` or `CODE: message`. */
export function errorOf(answer: Answer, at = 0): Node {
  const errors = answer.results[at]?.['errors']
  return Array.isArray(errors) ? ((errors[0] ?? {}) as Node) : {}
}
