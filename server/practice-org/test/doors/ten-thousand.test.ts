import fc from 'fast-check'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { complaintOf, malformedGrpc, metadataOf, rawGrpc, shootGrpc } from '../support/grpc-requests.ts'
import { isOAuth, oauthComplaint } from '../support/malformed-oauth.ts'
import { malformed, TARGET, TOKEN, type Shot } from './malformed-requests.ts'
import { practice, startOrg, tokenOf } from '../support/running-org.ts'

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
function complaint(shot: Shot, { status, text }: Answer): string | undefined {
  const { method, path: where } = shot
  if (status < 400 || method === 'HEAD') return status < 500 ? undefined : `HTTP ${status}`
  if (where.startsWith('/services/Soap/')) return /<soapenv:Fault>/.test(text) ? undefined : `no fault: ${text}`
  if (status >= 500) return `HTTP ${status}: ${text}`
  if (where.startsWith('/services/async/'))
    return /<exceptionCode>\w+<|^{"exceptionCode":"\w+"/.test(text) ? undefined : `no error: ${text}`
  if (isOAuth(where)) return oauthComplaint(shot, text)
  return isErrorList(text) ? undefined : `no org error: ${status} ${text}`
}

/** An action that failed says so in a result of its own. */
function isError(one: { errorCode?: unknown; actionName?: unknown }): boolean {
  return typeof (one.errorCode ?? one.actionName) === 'string'
}

function isErrorList(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text)
    if (Array.isArray(body)) return body.length > 0 && body.every(isError)
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

  it('end as an org could end them, each, over gRPC', { timeout: 60_000 }, async () => {
    const client = rawGrpc(org)
    const metadata = metadataOf(org, token)
    const shots = fc.sample(malformedGrpc, { numRuns: GRPC, seed: SEED })
    const answers = await Promise.all(shots.map((shot) => shootGrpc(client, metadata, shot)))
    client.close()
    const complaints = answers.flatMap((answer, n) => {
      const wrong = complaintOf(answer)
      return wrong ? [`${JSON.stringify(shots[n])} → ${wrong}`] : []
    })
    expect(complaints.slice(0, 5)).toEqual([])
    expect(unexpected.slice(0, 5)).toEqual([])
  })

  it('leave the org as it was: it still answers, and its target stands', async () => {
    const { calls } = (await practice(org.url, '/calls')) as { calls: unknown[] }
    expect(calls.length).toBeGreaterThan(0)
    const admin = { userId: org.org.user('admin@practice.example')?.id ?? '', api: 'rest', version: '62.0' } as const
    expect(org.org.query(admin, `SELECT Id FROM Account WHERE Id = '${accountId}'`, { all: true }).totalSize).toBe(1)
  })
})
