import { credentials, makeClientConstructor, Metadata, type ServiceDefinition } from '@grpc/grpc-js'
import fc from 'fast-check'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../server/practice-org/compose.ts'
import { pubSubService } from '../../../server/practice-org/protocols/pubsub/proto.ts'
import { practice, startOrg, tokenOf } from './org.ts'

const SEED = Number(process.env['SEED'] ?? 20_261_122)
const HTTP = 9_700
const GRPC = 300

let org: PracticeOrg
let token: string
let accountId: string
const unexpected: unknown[] = []
const agent = new Agent({ keepAlive: true, maxSockets: 16 })

beforeAll(async () => {
  const log = { info() {}, error: (fields: object) => void unexpected.push(fields) }
  org = await startOrg({ log, cometHoldMs: 50, keepAliveMs: 50 })
  token = await tokenOf(org.url)
  const admin = { userId: org.org.user('admin@practice.example')?.id ?? '', api: 'rest', version: '62.0' } as const
  accountId = org.org.create(admin, 'Account', { Name: 'Target' })
})
afterAll(async () => {
  agent.destroy()
  await org.close()
})

interface Shot {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

const word = fc.oneof(
  fc.constantFrom(
    'Account',
    'Lead',
    'Nope__c',
    'Practice_Signal__e',
    'Name',
    'Id',
    'OwnerId',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom(
    "'",
    '"',
    '\\',
    '%',
    '..',
    '@{a.id}',
    '{',
    '<',
    '\u0000',
    '🦊',
    'null',
    '-1',
    '1e999',
    '001000000000001AAA',
  ),
  fc.string({ maxLength: 12 }),
)
const segment = word.map(encodeURIComponent)

const resource = fc.constantFrom(
  ...['sobjects', 'sobjects/Account', 'sobjects/Account/ID', 'sobjects/Account/Id/ID', 'sobjects/Account/ID/Contacts'],
  ...['sobjects/Mission_Receipt__c/Key__c/x', 'sobjects/Practice_Signal__e', 'sobjects/StreamingChannel/ID/push'],
  ...[
    'sobjects/Account/describe',
    'sobjects/Account/updated',
    'sobjects/Account/deleted',
    'query',
    'queryAll',
    'search',
  ],
  ...['query/01gXXXXXXXXXXXX-2000', 'parameterizedSearch', 'limits', 'recent', 'tooling/query', 'composite'],
  ...[
    'composite/batch',
    'composite/graph',
    'composite/tree/Account',
    'composite/sobjects',
    'composite/sobjects/Account',
  ],
  ...[
    'composite/sobjects/Mission_Receipt__c/Key__c',
    'jobs/ingest',
    'jobs/query',
    'jobs/ingest/ID',
    'jobs/query/ID/results',
  ],
  ...['tabs', 'theme', 'appMenu', 'nouns', 'actions', 'actions/standard/customNotificationAction', 'quickActions'],
)
const path = fc.oneof(
  { weight: 4, arbitrary: resource.map((one) => one.replace('ID', accountId)) },
  { weight: 1, arbitrary: fc.array(segment, { maxLength: 5 }).map((parts) => parts.join('/')) },
)
const soql = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'SELECT',
        'FROM',
        'WHERE',
        'Account',
        'Id',
        'Name',
        '(',
        ')',
        ',',
        '=',
        "'x'",
        'LIKE',
        'IN',
        'COUNT()',
      ),
      fc.constantFrom(
        'GROUP BY',
        'HAVING',
        'ORDER BY',
        'LIMIT',
        'OFFSET',
        'NULLS',
        'TODAY',
        'Owner.Name',
        'AND',
        'OR',
        'NOT',
      ),
      fc.constantFrom(
        'FIND',
        '{x}',
        '{',
        '}',
        'RETURNING',
        'TYPEOF',
        'WHEN',
        'FIELDS(ALL)',
        'toLabel(',
        'LAST_N_DAYS:',
        '99999',
      ),
      word,
    ),
    { maxLength: 14 },
  )
  .map((words) => words.join(' '))
const query = fc.oneof(
  fc.constant(''),
  soql.map((text) => `?q=${encodeURIComponent(text)}`),
  soql.map((text) => `?q=${encodeURIComponent(`SELECT Id FROM Account WHERE ${text}`)}`),
  fc.tuple(segment, segment).map(([name, value]) => `?${name}=${value}`),
  fc.constantFrom(
    '?start=x&end=y',
    '?fields=Nope',
    '?ids=a,b',
    '?q=FIND',
    '?columns=true&q=SELECT',
    '?_HttpMethod=PATCH',
    '?%',
    '?explain=x',
  ),
)
const leaf = fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null))
const key = fc.oneof(
  fc.constantFrom(
    'Name',
    'attributes',
    'type',
    'records',
    'allOrNone',
    'compositeRequest',
    'batchRequests',
    'graphs',
    'url',
  ),
  fc.constantFrom(
    'method',
    'referenceId',
    'body',
    'q',
    'sobjects',
    'inputs',
    'operation',
    'object',
    'query',
    'state',
    'Id',
  ),
  word,
)
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs) as unknown),
  ),
}))
const nearly = fc
  .tuple(path, fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'get', ''), json)
  .map(([url, method, body]) => ({
    allOrNone: true,
    compositeRequest: [{ method, url: `/services/data/v62.0/${url}`, referenceId: 'a', body }],
    batchRequests: [{ method, url: `v62.0/${url}`, richInput: body }],
    graphs: [
      { graphId: 'g', compositeRequest: [{ method, url: `/services/data/v62.0/${url}`, referenceId: 'a', body }] },
    ],
    records: [{ attributes: { type: 'Account' }, id: accountId, Name: body }],
  }))
const body = fc.oneof(
  { weight: 3, arbitrary: json.map((value) => JSON.stringify(value) ?? '') },
  { weight: 2, arbitrary: nearly.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }) },
)
const rest: fc.Arbitrary<Shot> = fc
  .tuple(fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'), path, query, body, fc.nat(30))
  .map(([method, where, search, text, odd]) => ({
    method,
    path: `/services/data/v${odd === 1 ? '9999.9' : '62.0'}/${where}${search}`,
    headers: {
      authorization: odd === 2 ? 'Bearer' : odd === 3 ? 'Basic x' : `Bearer ${token}`,
      'content-type': odd === 4 ? 'text/csv' : odd === 5 ? 'application/json;charset=klingon' : 'application/json',
      ...(odd === 6 ? { 'if-modified-since': 'yesterday' } : {}),
      ...(odd === 7 ? { 'if-match': '"x"' } : {}),
      ...(odd === 8 ? { 'content-encoding': 'gzip' } : {}),
      ...(odd === 9 ? { 'sforce-query-options': 'batchSize=many' } : {}),
    },
    body: ['GET', 'HEAD'].includes(method) ? '' : text,
  }))

const xml = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<sObjects>',
        '</sObjects>',
        '<type>Account</type>',
        '<Id>',
        '</Id>',
        '<x/>',
        '&',
        '&#0;',
        '<![CDATA[',
        ']]>',
      ),
      fc.constantFrom(
        '<ids>001</ids>',
        '<request>',
        '</request>',
        '<masterRecord>',
        '</masterRecord>',
        '<!--',
        '<leadConverts>',
        '<?x?>',
      ),
      word,
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))
const soap: fc.Arbitrary<Shot> = fc
  .tuple(
    fc.constantFrom('create', 'update', 'upsert', 'merge', 'convertLead', 'delete', 'query', 'undelete', 'x'),
    xml,
    fc.nat(9),
  )
  .map(([call, content, odd]) => {
    const session = `<SessionHeader><sessionId>${odd === 0 ? 'x' : token}</sessionId></SessionHeader>`
    const inner = `<e:Header>${session}</e:Header><e:Body><${call}>${content}</${call}></e:Body>`
    return {
      method: 'POST',
      path: `/services/Soap/u/${odd === 1 ? '1.0' : '62.0'}`,
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body:
        odd === 2 ? content : `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">${inner}</e:Envelope>`,
    }
  })
const other: fc.Arbitrary<Shot> = fc
  .tuple(
    fc.constantFrom(
      ...[
        '/services/oauth2/token',
        '/services/oauth2/revoke',
        '/services/oauth2/introspect',
        '/services/oauth2/userinfo',
      ],
      ...[
        '/cometd/62.0',
        '/services/async/62.0/job',
        '/services/async/62.0/job/750/batch',
        '/id/x/y',
        '/nowhere',
        '//',
      ],
    ),
    fc.oneof(body, xml, fc.constant('grant_type=password&username=x'), fc.constant('[{"channel":"/meta/connect"}]')),
    fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/xml', 'x'),
  )
  .map(([where, text, type]) => ({
    method: 'POST',
    path: where,
    headers: { authorization: `Bearer ${token}`, 'x-sfdc-session': token, 'content-type': type },
    body: text,
  }))

interface Answer {
  status: number
  text: string
}

function shoot(shot: Shot): Promise<Answer> {
  return new Promise((resolve) => {
    const { method, path: where } = shot
    const headers = { ...shot.headers, 'content-length': Buffer.byteLength(shot.body) }
    const sent = request({ port: org.port, host: '127.0.0.1', method, path: where, headers, agent, timeout: 10_000 })
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${JSON.stringify(shot)}`)))
    sent.on('error', (error) => resolve({ status: 599, text: error.message }))
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.end(shot.body)
  })
}

/** What is wrong with an answer: undefined when an org could have given it. */
function complaint({ method, path: where }: Shot, { status, text }: Answer): string | undefined {
  if (status < 400 || method === 'HEAD') return status < 500 ? undefined : `HTTP ${status}`
  if (where.startsWith('/services/Soap/')) return /<soapenv:Fault>/.test(text) ? undefined : `no fault: ${text}`
  if (status >= 500) return `HTTP ${status}: ${text}`
  if (where.startsWith('/services/async/')) return /<exceptionCode>\w+</.test(text) ? undefined : `no error: ${text}`
  if (where.startsWith('/services/oauth2/') || where.startsWith('/id/')) return text === '' ? 'empty' : undefined
  return isErrorList(text) ? undefined : `no org error: ${status} ${text}`
}

function isErrorList(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text)
    if (Array.isArray(body))
      return body.length > 0 && body.every((one: { errorCode?: unknown }) => typeof one.errorCode === 'string')
    return typeof body === 'object' && body !== null && 'hasErrors' in body
  } catch {
    return false
  }
}

describe(`${HTTP + GRPC} malformed requests`, () => {
  it('get an answer an org could give, each, over HTTP', { timeout: 120_000 }, async () => {
    const any = fc.oneof(
      { weight: 7, arbitrary: rest },
      { weight: 2, arbitrary: soap },
      { weight: 1, arbitrary: other },
    )
    const shots = fc.sample(any, { numRuns: HTTP, seed: SEED })
    const complaints: string[] = []
    for (let from = 0; from < shots.length; from += 64) {
      const volley = shots.slice(from, from + 64)
      const answers = await Promise.all(volley.map(shoot))
      answers.forEach((answer, n) => {
        const shot = volley[n]
        const wrong = shot && complaint(shot, answer)
        if (wrong) complaints.push(`${JSON.stringify(shot)} → ${wrong}`.slice(0, 1500))
      })
    }
    expect(complaints.slice(0, 5)).toEqual([])
    expect(unexpected.slice(0, 5)).toEqual([])
  })

  it('end with a status, each, over gRPC', { timeout: 60_000 }, async () => {
    const bytes = (value: Buffer): Buffer => value
    const raw = Object.fromEntries(
      Object.entries(pubSubService()).map(([name, method]) => [name, { ...method, requestSerialize: bytes }]),
    ) as ServiceDefinition
    const Client = makeClientConstructor(raw, 'PubSub')
    const client = new Client(
      `localhost:${org.eventsPort}`,
      credentials.createSsl(null, null, null, { rejectUnauthorized: false }),
    )
    const metadata = new Metadata()
    metadata.set('accesstoken', token)
    metadata.set('instanceurl', org.url)
    metadata.set('tenantid', org.orgId)
    const frames = fc.sample(fc.tuple(fc.constantFrom(...Object.keys(raw)), fc.uint8Array({ maxLength: 60 })), {
      numRuns: GRPC,
      seed: SEED,
    })
    const codes = await Promise.all(
      frames.map(([method, frame]) => status(client, method, Buffer.from(frame), metadata)),
    )
    client.close()
    expect(codes.every((code) => Number.isInteger(code))).toBe(true)
    expect(unexpected.slice(0, 5)).toEqual([])
  })

  it('leave the org as it was: it still answers, and its target stands', async () => {
    const { calls } = (await practice(org.url, '/calls')) as { calls: unknown[] }
    expect(calls.length).toBeGreaterThan(0)
    const admin = { userId: org.org.user('admin@practice.example')?.id ?? '', api: 'rest', version: '62.0' } as const
    expect(org.org.query(admin, `SELECT Id FROM Account WHERE Id = '${accountId}'`, { all: true }).totalSize).toBe(1)
  })
})

type Method = (...args: unknown[]) => NodeJS.EventEmitter & { write?: (frame: Buffer) => void; end?: () => void }

/** The status one call ends with. */
function status(client: object, name: string, frame: Buffer, metadata: Metadata): Promise<number> {
  const method = Reflect.get(client, name) as Method
  const deadline = { deadline: Date.now() + 20_000 }
  return new Promise((resolve) => {
    const isStream = /Subscribe|PublishStream/.test(name)
    const ignore = (): void => {}
    const call = isStream
      ? method.call(client, metadata, deadline)
      : method.call(client, frame, metadata, deadline, ignore)
    call.on('status', ({ code }: { code: number }) => resolve(code))
    call.on('error', ignore)
    call.on('data', ignore)
    if (!isStream) return
    call.write?.(frame)
    call.end?.()
  })
}
