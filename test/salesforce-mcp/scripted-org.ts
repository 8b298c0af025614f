// An org whose answers a test writes: for what a well-behaved org does not do on request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

export interface Script {
  /** Rows of a query; the default org is empty. */
  query?: (soql: string) => object[]
  /** Rows of a full-text search, when they come; the default finds none. */
  search?: () => Promise<object[]>
  /** Answer of an all-or-none composite, or what to do with the connection instead. */
  write?: (subrequests: Sub[]) => object[] | 'cut' | { status: number; type: string; text: string }
  /** XML inside the response element of a SOAP call. */
  soap?: (envelope: string) => string | 'cut'
  orgId?: string
}
export type Sub = z.infer<typeof Sub>

const Sub = z.object({
  method: z.string(),
  url: z.string(),
  referenceId: z.string(),
  body: z.record(z.string(), z.unknown()).optional(),
  httpHeaders: z.record(z.string(), z.string()).optional(),
})
const Composite = z.object({ allOrNone: z.boolean(), compositeRequest: z.array(Sub) })

export interface ScriptedOrg {
  url: string
  script: Script
  /** Every write request's body, in order. */
  writes: string[]
  /** Every query, in order, but for those of the register of activations. */
  queries: string[]
  /** Every request's address, headers and body as text, in order. */
  requests: string[]
  /** Rows of the register of activations. */
  register: object[]
  close(): Promise<void>
}

export async function startScriptedOrg(orgId: string): Promise<ScriptedOrg> {
  const org: ScriptedOrg = {
    url: '',
    script: {},
    writes: [],
    queries: [],
    requests: [],
    register: [],
    close: () => Promise.resolve(),
  }
  const server = createServer((request, response) => void answer(org, orgId, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  org.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  org.close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  return org
}

async function answer(
  org: ScriptedOrg,
  orgId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? ''
  const body = await textOf(request)
  org.requests.push(`${url}\n${JSON.stringify(request.headers)}\n${body}`)
  if (url === '/services/oauth2/token') {
    const id = `${org.url}/id/${org.script.orgId ?? orgId}/005000000000009AAA`
    return json(response, { access_token: '00D!x', instance_url: org.url, id })
  }
  const described = /sobjects\/(\w+)\/describe$/.exec(url)?.[1]
  if (described) return describe(response, described)
  if (url.includes('/Soap/')) return soap(org, body, response)
  if (url.includes('/search')) return json(response, { searchRecords: (await org.script.search?.()) ?? [] })
  const { allOrNone, compositeRequest } = Composite.parse(JSON.parse(body))
  if (!allOrNone) return json(response, { compositeResponse: compositeRequest.map((sub) => queried(org, sub)) })
  org.writes.push(body)
  const writes = compositeRequest.filter(({ method }) => method !== 'GET')
  const written = org.script.write?.(writes) ?? writes.map(created)
  if (written === 'cut') return void request.socket.destroy()
  if (Array.isArray(written)) {
    const read = compositeRequest.filter(({ method }) => method === 'GET').map((sub) => queried(org, sub))
    return json(response, { compositeResponse: [...written, ...read] })
  }
  response.writeHead(written.status, { 'content-type': written.type }).end(written.text)
}

function soap(org: ScriptedOrg, body: string, response: ServerResponse): void {
  org.writes.push(body)
  const content = org.script.soap?.(body) ?? '<x><result><success>true</success></result></x>'
  if (content === 'cut') return void response.socket?.destroy()
  const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${content}</e:Body></e:Envelope>`
  response.writeHead(200, { 'content-type': 'text/xml' }).end(envelope)
}

function queried(org: ScriptedOrg, { url, referenceId }: Sub): object {
  const soql = new URL(url, org.url).searchParams.get('q') ?? ''
  const isRegister = soql.includes('FROM Mission_Activation__c')
  if (!isRegister) org.queries.push(soql)
  const records = isRegister ? org.register : (org.script.query?.(soql) ?? [])
  return { referenceId, httpStatusCode: 200, httpHeaders: {}, body: { totalSize: records.length, done: true, records } }
}

export function created({ referenceId }: Sub): object {
  return {
    referenceId,
    httpStatusCode: 201,
    httpHeaders: {},
    body: { id: 'a00000000000001AAA', success: true, errors: [] },
  }
}

const PREFIXES: Record<string, string> = {
  Account: '001',
  Contact: '003',
  Lead: '00Q',
  PermissionSet: '0PS',
  User: '005',
}

const RELATIONS: Record<string, [name: string, relationship: string, object: string][]> = {
  Account: [
    ['OwnerId', 'Owner', 'User'],
    ['ParentId', 'Parent', 'Account'],
    ['CreatedById', 'CreatedBy', 'User'],
  ],
  Contact: [['AccountId', 'Account', 'Account']],
  Opportunity: [
    ['AccountId', 'Account', 'Account'],
    ['OwnerId', 'Owner', 'User'],
  ],
  Lead: [['OwnerId', 'Owner', 'User']],
}
const OWN: Record<string, [name: string, type: string][]> = {
  Account: [
    ['Name', 'string'],
    ['Website', 'url'],
    ['Phone', 'phone'],
    ['AnnualRevenue', 'currency'],
    ['NumberOfEmployees', 'int'],
    ['Secret__c', 'string'],
    ['MasterRecordId', 'reference'],
    ['Type', 'picklist'],
    ['Legal_Hold__c', 'boolean'],
  ],
  Contact: [
    ['Email', 'email'],
    ['Birthdate', 'date'],
  ],
  Opportunity: [
    ['Amount', 'currency'],
    ['StageName', 'picklist'],
    ['NextStep', 'string'],
  ],
  Lead: [
    ['Company', 'string'],
    ['IsConverted', 'boolean'],
  ],
}

function describe(response: ServerResponse, name: string): void {
  const field = (
    fieldName: string,
    type: string,
    relationshipName: string | null = null,
    referenceTo: string[] = [],
  ) => ({
    name: fieldName,
    label: fieldName,
    type,
    length: 0,
    relationshipName,
    referenceTo,
    updateable: true,
    createable: true,
    calculated: false,
    permissionable: true,
  })
  const fields = [
    ...[['Id', 'id'], ['SystemModstamp', 'datetime'], ['IsDeleted', 'boolean'], ...(OWN[name] ?? [])].map(
      ([own = '', type = '']) => field(own, type),
    ),
    ...(RELATIONS[name] ?? []).map(([own, relationship, object]) => field(own, 'reference', relationship, [object])),
  ]
  const child = (childSObject: string, relationshipName: string) => ({
    childSObject,
    field: 'AccountId',
    relationshipName,
  })
  const childRelationships =
    name === 'Account'
      ? [child('Contact', 'Contacts'), child('Opportunity', 'Opportunities'), child('Asset', 'Assets')]
      : []
  json(response, { name, label: name, keyPrefix: PREFIXES[name] ?? null, fields, childRelationships })
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8' }).end(JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
