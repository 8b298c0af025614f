// The Pub/Sub client as its users set it up, keeping what it calls back with.
import PubSubApiClient from 'salesforce-pubsub-api-client'
import { vi } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { ADMIN, tokenOf } from './running-org.ts'

export interface Heard {
  type: string
  data: unknown
}
export interface Received {
  id: string
  replayId: number
  payload: Record<string, unknown>
}
export interface Listener {
  client: PubSubApiClient
  heard: Heard[]
  hear: never
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

export async function listener(org: PracticeOrg, username = ADMIN): Promise<Listener> {
  const client = new PubSubApiClient(
    {
      authType: 'user-supplied',
      accessToken: await tokenOf(org.url, username),
      instanceUrl: org.url.replace('http:', 'https:'),
      organizationId: org.orgId,
      pubSubEndpoint: `localhost:${org.eventsPort}`,
      rejectUnauthorizedSsl: false,
    } as never,
    silent as never,
  )
  await client.connect()
  const heard: Heard[] = []
  const hear = (_info: unknown, type: string, data: unknown): void => void heard.push({ type, data })
  return { client, heard, hear: hear as never }
}

export const received = (heard: Heard[]): Received[] =>
  heard.filter(({ type }) => type === 'event').map(({ data }) => data as Received)

export const alive = (heard: Heard[]) =>
  vi.waitUntil(() => heard.some(({ type }) => type === 'grpcKeepAlive'), { timeout: 5000 })
