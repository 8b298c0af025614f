import { once } from 'node:events'
import { afterAll, expect, it } from 'vitest'
import { openOrgForFile, REP, rest, tokenOf } from '../../support/running-org.ts'
import { frameOf, metadataOf, rawGrpc, type RawStream } from '../../support/grpc-requests.ts'

const { org, token } = await openOrgForFile({ keepAliveMs: 30 })
const client = rawGrpc(org)
afterAll(() => client.close())

const PATH = '/tooling/sobjects/ManagedEventSubscription'
const call = (method: string, path: string, body?: object, as = token) =>
  rest(org.url, as, path, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
const metadata = { label: 'Mine', topicName: '/event/Practice_Signal__e', defaultReplay: 'LATEST', state: 'RUN' }
const create = (FullName: string, more: object = {}) =>
  call('POST', PATH, { FullName, Metadata: { ...metadata, ...more } })

function listen(developerName: string): { heard: object[]; ended: Promise<{ code: number }> } {
  const open = Reflect.get(client, 'ManagedSubscribe') as (metadata: unknown) => RawStream
  const stream = open.call(client, metadataOf(org, token))
  const heard: object[] = []
  stream.on('data', (answer: object) => heard.push(answer))
  const ended = once(stream, 'error').then(([error]) => error as { code: number })
  stream.write(frameOf('ManagedSubscribe', { developerName, numRequested: 10 }))
  return { heard, ended }
}

it('a client makes a subscription, stops it under its subscriber, starts it again and deletes it', async () => {
  const { status, body } = await create('Mine')
  const { id } = body as { id: string }
  expect([status, id]).toEqual([201, expect.stringMatching(/^18x\w{15}$/)])
  const first = listen('Mine')
  await expect.poll(() => first.heard.length).toBeGreaterThan(0)
  expect((await call('PATCH', `${PATH}/${id}`, { Metadata: { state: 'STOP' } })).status).toBe(204)
  expect((await first.ended).code).toBe(9)
  expect((await listen('Mine').ended).code).toBe(9)
  await call('PATCH', `${PATH}/${id}`, { Metadata: { state: 'RUN' } })
  const again = listen('Mine')
  await expect.poll(() => again.heard.length).toBeGreaterThan(0)
  expect((await call('GET', `${PATH}/${id}`)).body).toMatchObject({ DeveloperName: 'Mine', Metadata: metadata })
  expect((await call('DELETE', `${PATH}/${id}`)).status).toBe(204)
  expect((await again.ended).code).toBe(9)
  expect((await call('GET', `${PATH}/${id}`)).status).toBe(404)
  expect((await listen('Mine').ended).code).toBe(5)
})

it.each([
  ['a name that is taken', 'Practice_Signals', {}, 'DUPLICATE_DEVELOPER_NAME'],
  ['a name that is none', 'two words', {}, 'INVALID_FULL_NAME'],
  ['a topic that is none', 'Lost', { topicName: '/event/Nothing__e' }, 'INVALID_INPUT'],
  ['a state that is none', 'Odd', { state: 'PAUSE' }, 'INVALID_INPUT'],
])('%s is refused', async (_, name, more, errorCode) => {
  expect(await create(name, more)).toMatchObject({ status: 400, body: [{ errorCode }] })
})

it('a user who may not customize the org changes none', async () => {
  const rep = await tokenOf(org.url, REP)
  const { status } = await call('POST', PATH, { FullName: 'His', Metadata: metadata }, rep)
  expect(status).toBe(403)
})
