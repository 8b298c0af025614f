import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { openOrgForFile, practice, tokenOf } from '../../support/running-org.ts'
import { frameOf, metadataOf, rawGrpc, type RawGrpc, type RawStream } from '../../support/grpc-requests.ts'

const TOPIC = '/event/Practice_Signal__e'
const RPC = '/eventbus.v1.PubSub'
const [UNAVAILABLE, EXHAUSTED, UNAUTHENTICATED] = [14, 8, 16]
const { org } = await openOrgForFile({ keepAliveMs: 30 })
const open: RawGrpc[] = []
const streams: RawStream[] = []
afterEach(async () => {
  await practice(org.url, '/faults', { mode: 'clear' })
  for (const stream of streams.splice(0)) stream.cancel()
  for (const client of open.splice(0)) client.close()
})

const order = (fault: Record<string, unknown>) => practice(org.url, '/faults', fault)
const inForce = async () => ((await practice(org.url, '/faults')) as { faults: unknown[] }).faults

function connection(): RawGrpc {
  const client = rawGrpc(org)
  open.push(client)
  return client
}

interface Failure {
  code: number
  metadata: { get(name: string): unknown[] }
}

/** The answer of a unary call, or the status it ends with. */
function call(rpc: string, message: object, token: string, client = connection()): Promise<Record<string, unknown>> {
  const unary = Reflect.get(client, rpc) as (...args: unknown[]) => void
  return new Promise((resolve) => {
    unary.call(client, frameOf(rpc, message), metadataOf(org, token), (error: Failure | null, answer: object) =>
      resolve(error ? { code: error.code, errorCode: error.metadata.get('error-code')[0] } : { ...answer }),
    )
  })
}

interface Answer {
  events: { replayId: Buffer }[]
  results: { error: { msg: string } | null }[]
}
interface Stream {
  send(message: object): void
  answers: Answer[]
  replayIds(): number[]
  ended: Promise<Failure>
}

async function stream(rpc: string, token?: string): Promise<Stream> {
  const client = connection()
  const raw = (Reflect.get(client, rpc) as (metadata: unknown) => RawStream).call(
    client,
    metadataOf(org, token ?? (await tokenOf(org.url))),
  )
  streams.push(raw)
  const answers: Answer[] = []
  raw.on('data', (answer: Answer) => answers.push(answer))
  const ended = once(raw, 'error').then(([error]) => error as Failure)
  ended.catch(() => {})
  return {
    send: (message) => raw.write(frameOf(rpc, message)),
    answers,
    ended,
    replayIds: () => answers.flatMap(({ events }) => events.map(({ replayId }) => Number(replayId.readBigInt64BE()))),
  }
}

const wanted = (more: object = {}) => ({ topicName: TOPIC, numRequested: 100, replayPreset: 'LATEST', ...more })
const after = (replayId: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(replayId))
  return { replayPreset: 'CUSTOM', replayId: bytes }
}

/** What a publisher sends: events whose payload is all nulls but for the subject. */
async function published(token: string, ...ids: string[]) {
  const { schemaId } = await call('GetTopic', { topicName: TOPIC }, token)
  const text = Buffer.from('Look')
  const one = Buffer.from([0, 0, text.length * 2, ...text, 0, 0, 0, 0, 0])
  return { topicName: TOPIC, events: ids.map((id) => ({ id, schemaId, payload: one })) }
}
const latest = (): number => org.org.latestReplayId()

describe('a fault over gRPC', () => {
  it.each([
    ['down', UNAVAILABLE, 'service.unavailable'],
    ['expire-sessions', UNAUTHENTICATED, 'service.auth.error'],
    ['limit', EXHAUSTED, 'concurrent.client.limit.exceeded'],
    ['cut-before', UNAVAILABLE, undefined],
    ['cut-after', UNAVAILABLE, undefined],
  ])('%s hits as many calls of GetTopic as ordered, and no other call', async (mode, code, errorCode) => {
    const token = await tokenOf(org.url)
    await order({ mode, match: { path: `${RPC}/GetTopic` }, count: 1 })
    const other = await call('GetSchema', { schemaId: 'none' }, token)
    const hit = await call('GetTopic', { topicName: TOPIC }, token)
    const next = await call('GetTopic', { topicName: TOPIC }, await tokenOf(org.url))
    expect(other['errorCode']).toBe('sfdc.platform.eventbus.grpc.schema.not.found')
    expect(hit).toEqual({ code, errorCode: errorCode && `sfdc.platform.eventbus.grpc.${errorCode}` })
    expect(next['topicName']).toBe(TOPIC)
  })

  it('expire-sessions ends the session of its call at every door', async () => {
    const token = await tokenOf(org.url)
    await order({ mode: 'expire-sessions', match: { path: `${RPC}/GetSchema` }, count: 1 })
    await call('GetSchema', { schemaId: 'none' }, token)
    const response = await fetch(`${org.url}/services/data/v62.0/limits`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(response.status).toBe(401)
  })

  it.each(['slow', 'withhold'])('%s lets a later call overtake', async (mode) => {
    const token = await tokenOf(org.url)
    const done: string[] = []
    const note = (name: string) => call('GetTopic', { topicName: TOPIC }, token).then(() => done.push(name))
    await order({ mode, match: { path: RPC }, count: 1, ms: 300 })
    const first = note('first')
    await expect.poll(inForce).toEqual([])
    await note('second')
    await first
    expect(done).toEqual(['second', 'first'])
  })

  it('by chance hits the same calls again with the same seed', async () => {
    const token = await tokenOf(org.url)
    const pattern = async () => {
      await order({ mode: 'down', match: { path: RPC }, chance: 0.5, seed: 5 })
      const codes: unknown[] = []
      const client = connection()
      for (let n = 0; n < 8; n += 1) codes.push((await call('GetTopic', { topicName: TOPIC }, token, client))['code'])
      await order({ mode: 'clear' })
      return codes
    }
    const first = await pattern()
    expect(new Set(first)).toEqual(new Set([undefined, UNAVAILABLE]))
    expect(await pattern()).toEqual(first)
  })

  it('passes locks by: an event has no row', async () => {
    const token = await tokenOf(org.url)
    await order({ mode: 'lock', count: 1 })
    expect((await call('GetTopic', { topicName: TOPIC }, token))['topicName']).toBe(TOPIC)
    expect(await inForce()).toHaveLength(1)
  })
})

describe.each(['Publish', 'PublishStream'])('a publisher whose %s is hit', (rpc) => {
  const send = async (token: string, id: string): Promise<Record<string, unknown>> => {
    const message = await published(token, id)
    if (rpc === 'Publish') return call(rpc, message, token)
    const { send: write, ended, answers } = await stream(rpc, token)
    write(message)
    const answered = expect.poll(() => answers.length).toBe(1)
    const code = await Promise.race([ended.then(({ code }) => code), answered.then(() => undefined)])
    answered.then(undefined, () => {})
    return { ...answers[0], code }
  }
  const fault = (mode: string, more: object = {}) =>
    order({ mode, match: { path: `${RPC}/${rpc}` }, count: 1, ...more })

  it('by cut-after hears nothing of the event, which is published', async () => {
    const token = await tokenOf(org.url)
    const before = latest()
    await fault('cut-after')
    expect((await send(token, 'lost')).code).toBe(UNAVAILABLE)
    expect(latest()).toBe(before + 1)
  })

  it('by cut-before, down or an ended session has published nothing', async () => {
    const before = latest()
    const codes: unknown[] = []
    for (const mode of ['cut-before', 'down', 'expire-sessions']) {
      await fault(mode)
      codes.push((await send(await tokenOf(org.url), mode)).code)
    }
    expect(codes).toEqual([UNAVAILABLE, UNAVAILABLE, UNAUTHENTICATED])
    expect(latest()).toBe(before)
  })

  it('by limit is told for each event that it was not taken', async () => {
    const before = latest()
    await fault('limit')
    const { results } = await send(await tokenOf(org.url), 'too much')
    expect(results).toMatchObject([{ error: { msg: expect.stringContaining('LIMIT_EXCEEDED') as string } }])
    expect(latest()).toBe(before)
  })

  it('names a call by what it carries', async () => {
    const token = await tokenOf(org.url)
    await order({ mode: 'down', match: { path: RPC, bodyContains: '"id":"second"' } })
    const codes = [(await send(token, 'first')).code, (await send(token, 'second')).code]
    expect(codes).toEqual([undefined, UNAVAILABLE])
  })
})

it('messages of a publish stream keep their order while one of them is slow', async () => {
  const token = await tokenOf(org.url)
  const { send, answers } = await stream('PublishStream', token)
  await order({ mode: 'slow', match: { path: RPC, bodyContains: '"id":"first"' }, ms: 200 })
  send(await published(token, 'first'))
  send(await published(token, 'second'))
  await expect.poll(() => answers.length).toBe(2)
  const keys = answers.map(({ results }) => (results[0] as unknown as { correlationKey: string }).correlationKey)
  expect(keys).toEqual(['first', 'second'])
})

describe.each(['Subscribe', 'ManagedSubscribe'])('a subscriber whose %s is hit', (rpc) => {
  const asked = (more: object = {}) =>
    rpc === 'Subscribe' ? wanted(more) : { developerName: 'Practice_Signals', numRequested: 100, ...more }
  const listening = async (more: object = {}): Promise<Stream> => {
    const made = await stream(rpc)
    made.send(asked(more))
    await expect.poll(() => made.answers.length).toBeGreaterThan(0)
    return made
  }
  const publish = async (...ids: string[]) => {
    const token = await tokenOf(org.url)
    await call('Publish', await published(token, ...ids), token)
  }

  it.each([
    ['cut-before', UNAVAILABLE],
    ['cut-after', UNAVAILABLE],
    ['down', UNAVAILABLE],
    ['expire-sessions', UNAUTHENTICATED],
    ['limit', EXHAUSTED],
  ])('by %s at its first request hears no event', async (mode, code) => {
    await order({ mode, match: { path: `${RPC}/${rpc}` }, count: 1 })
    const { send, ended, answers } = await stream(rpc)
    send(asked({ replayPreset: 'EARLIEST' }))
    expect((await ended).code).toBe(code)
    expect(answers).toEqual([])
  })

  it('is cut after the events it was to get, and a reconnect brings the rest once', async () => {
    const first = await listening()
    const before = first.replayIds().at(-1) ?? latest()
    await order({ mode: 'cut-before', match: { path: `${RPC}/${rpc}`, method: 'EVENT' }, skip: 2, count: 1 })
    await publish('a', 'b', 'c', 'd')
    expect((await first.ended).code).toBe(UNAVAILABLE)
    const mine = first.replayIds().filter((id) => id > before)
    expect(mine).toHaveLength(2)
    if (rpc === 'ManagedSubscribe') return
    const again = await stream(rpc)
    again.send(asked(after(mine.at(-1) ?? 0)))
    await expect.poll(() => again.replayIds().length).toBe(2)
    expect(Math.min(...again.replayIds())).toBeGreaterThan(Math.max(...mine))
  })

  it.each([
    ['cut-after', 1, UNAVAILABLE],
    ['down', 0, UNAVAILABLE],
    ['expire-sessions', 0, UNAUTHENTICATED],
    ['limit', 0, EXHAUSTED],
  ])('by %s at an event has heard %i of them', async (mode, count, code) => {
    const { ended, replayIds } = await listening()
    const before = latest()
    await order({ mode, match: { path: `${RPC}/${rpc}`, method: 'EVENT' }, count: 1 })
    await publish('a', 'b')
    expect((await ended).code).toBe(code)
    expect(replayIds().filter((id) => id > before)).toHaveLength(count)
  })

  it('hears events that are held back late, in their order', async () => {
    const { replayIds } = await listening()
    const before = latest()
    await order({ mode: 'slow', match: { path: `${RPC}/${rpc}`, method: 'EVENT' }, count: 1, ms: 100 })
    await publish('a')
    await publish('b')
    const mine = () => replayIds().filter((id) => id > before)
    await expect.poll(() => mine().length).toBe(2)
    expect(mine()).toEqual([...mine()].sort((a, b) => a - b))
  })
})
