import { credentials, makeClientConstructor, Metadata, type ServiceDefinition } from '@grpc/grpc-js'
import fc from 'fast-check'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../server/practice-org/compose.ts'
import { pubSubService } from '../../../server/practice-org/protocols/pubsub/proto.ts'
import { malformed, TARGET, TOKEN, type Shot } from './malformed-shots.ts'
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

interface Answer {
  status: number
  text: string
}

/** The shot with the token and the target of this org. */
function aimed(shot: Shot): Shot {
  const text = JSON.stringify(shot).replaceAll(TOKEN, token).replaceAll(TARGET, accountId)
  return JSON.parse(text) as Shot
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
  if (where.startsWith('/services/async/')) return /<exceptionCode>\w+<|^{"exceptionCode":"\w+"/.test(text) ? undefined : `no error: ${text}`
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
    const shots = fc.sample(malformed, { numRuns: HTTP, seed: SEED }).map(aimed)
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
