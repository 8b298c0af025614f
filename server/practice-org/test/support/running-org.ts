// A running practice org for one test file, with the keys of two registered clients.
import { generateKeyPairSync, createPrivateKey } from 'node:crypto'
import jsforce from 'jsforce'
import { SignJWT } from 'jose'
import { afterAll } from 'vitest'
import { startPracticeOrg, type PracticeOrg, type PracticeOrgOptions } from '../../src/compose.ts'

export const ADMIN = 'admin@practice.example'
export const REP = 'rep@practice.example'
export const READER = 'reader@practice.example'
export const WRITER = 'writer@practice.example'

export interface ClientKey {
  privateKeyPem: string
  publicKeyPem: string
}

export function newKey(): ClientKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { privateKeyPem: privateKey, publicKeyPem: publicKey }
}

export const readerKey = newKey()

export function startOrg(options: Partial<PracticeOrgOptions> = {}): Promise<PracticeOrg> {
  const clients = [{ id: 'reader-app', publicKeyPem: readerKey.publicKeyPem, users: [READER] }]
  return startPracticeOrg({ port: 0, eventsPort: 0, dataDir: null, clients, ...options })
}

export async function assertion(claims: Record<string, unknown>, key: ClientKey = readerKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(createPrivateKey(key.privateKeyPem))
}

export async function form(url: string, fields: Record<string, string>): Promise<{ status: number; body: Json }> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json) }
}

export type Json = Record<string, unknown>

/** An access token of a person, through the password grant. */
export async function tokenOf(url: string, username = ADMIN, clientId = 'practice'): Promise<string> {
  const { body } = await form(`${url}/services/oauth2/token`, {
    grant_type: 'password',
    client_id: clientId,
    ...(clientId === 'practice' ? { client_secret: 'practice' } : {}),
    username,
    password: 'practice',
  })
  return String(body['access_token'])
}

/** A jsforce connection that repeats nothing by itself. */
export async function connect(url: string, username = ADMIN): Promise<jsforce.Connection> {
  return new jsforce.Connection({
    instanceUrl: url,
    accessToken: await tokenOf(url, username),
    version: '62.0',
    callOptions: { client: 'loader' },
  })
}

export async function rest(
  url: string,
  token: string,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers }
  const response = await fetch(`${url}/services/data/v62.0${path}`, { ...init, headers })
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
    headers: response.headers,
  }
}

export async function practice(url: string, path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const response = await fetch(`${url}/practice${path}`, init)
  const text = await response.text()
  return text === '' ? undefined : JSON.parse(text)
}

/** An org for the tests of a whole file, which ends with them, and an administrator's access token. */
export async function openOrgForFile(
  options: Partial<PracticeOrgOptions> = {},
): Promise<{ org: PracticeOrg; token: string }> {
  const org = await startOrg(options)
  afterAll(() => org.close())
  return { org, token: await tokenOf(org.url) }
}
