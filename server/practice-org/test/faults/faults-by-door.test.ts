import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { alive, type Heard, type Listener, listener, received } from '../support/events-client.ts'
import { practice, rest, startOrg, tokenOf } from '../support/running-org.ts'

let org: PracticeOrg
let token: string
beforeAll(async () => {
  org = await startOrg({ keepAliveMs: 50 })
  token = await tokenOf(org.url)
})
afterEach(() => practice(org.url, '/faults', { mode: 'clear' }))
afterAll(() => org.close())

interface Outcome {
  /** Absent when the connection was lost. */
  status?: number
  text: string
}
type Send = (name: string, session?: string) => Promise<Outcome>

async function outcomeOf(call: Promise<Response>): Promise<Outcome> {
  try {
    const response = await call
    return { status: response.status, text: await response.text() }
  } catch {
    return { text: 'lost' }
  }
}

const overHttp: Send = (name, session = token) =>
  outcomeOf(
    fetch(`${org.url}/services/data/v62.0/sobjects/Account`, {
      method: 'POST',
      headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
      body: JSON.stringify({ Name: name }),
    }),
  )

const overSoap: Send = (name, session = token) =>
  outcomeOf(
    fetch(`${org.url}/services/Soap/u/62.0`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body:
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com">' +
        `<e:Header><SessionHeader><sessionId>${session}</sessionId></SessionHeader></e:Header><e:Body><create>` +
        `<sObjects><type xmlns="urn:sobject.partner.soap.sforce.com">Account</type><Name>${name}</Name></sObjects>` +
        '</create></e:Body></e:Envelope>',
    }),
  )

async function written(name: string): Promise<number> {
  const soql = encodeURIComponent(`SELECT Id FROM Account WHERE Name = '${name}'`)
  const { body } = await rest(org.url, await tokenOf(org.url), `/query?q=${soql}`)
  return (body as { totalSize: number }).totalSize
}
const order = (fault: Record<string, unknown>) => practice(org.url, '/faults', fault)

const DOORS = [
  {
    door: 'HTTP',
    send: overHttp,
    ok: 201,
    failed: { down: 503, limit: 403, session: 401, lock: 400 },
    path: '/services/data',
  },
  {
    door: 'SOAP',
    send: overSoap,
    ok: 200,
    failed: { down: 503, limit: 500, session: 500, lock: 200 },
    path: '/services/Soap',
  },
]

describe.each(DOORS)('over $door a fault', ({ door, send, ok, failed, path }) => {
  const match = { path }

  it('down and limit say so, and nothing is written', async () => {
    await order({ mode: 'down', match, count: 1 })
    const down = await send(`${door} down`)
    await order({ mode: 'limit', match, count: 1 })
    const limit = await send(`${door} limit`)

    expect(down).toMatchObject({ status: failed.down, text: expect.stringContaining('SERVER_UNAVAILABLE') as string })
    expect(limit).toMatchObject({
      status: failed.limit,
      text: expect.stringContaining('REQUEST_LIMIT_EXCEEDED') as string,
    })
    expect(limit.text).toContain('TotalRequests Limit exceeded.')
    expect((await written(`${door} down`)) + (await written(`${door} limit`))).toBe(0)
  })

  it('lock refuses the row in the words of an org', async () => {
    await order({ mode: 'lock', match, count: 1 })
    const refused = await send(`${door} locked`)
    expect(refused.status).toBe(failed.lock)
    expect(refused.text).toContain('UNABLE_TO_LOCK_ROW')
    expect(await written(`${door} locked`)).toBe(0)
    expect((await send(`${door} locked`)).status).toBe(ok)
  })

  it('cut-before loses the call, cut-after only the answer', async () => {
    await order({ mode: 'cut-before', match, count: 1 })
    const before = await send(`${door} unwritten`)
    await order({ mode: 'cut-after', match, count: 1 })
    const after = await send(`${door} written`)

    expect([before.text, after.text]).toEqual(['lost', 'lost'])
    expect(await written(`${door} unwritten`)).toBe(0)
    expect(await written(`${door} written`)).toBe(1)
  })

  it('slow and withhold let a later call overtake', async () => {
    for (const mode of ['slow', 'withhold']) {
      const done: string[] = []
      const note = (name: string) => send(`${door} ${mode}`).then(({ status }) => done.push(`${name} ${status ?? ''}`))
      await order({ mode, match, count: 1, ms: 400 })
      const first = note('first')
      // The fault is used up once it has hit, so the second call cannot take the place of the first.
      await expect.poll(async () => ((await practice(org.url, '/faults')) as { faults: unknown[] }).faults).toEqual([])
      await note('second')
      await first
      expect(done).toEqual([`second ${ok}`, `first ${ok}`])
      expect(await written(`${door} ${mode}`)).toBe(2)
    }
  })

  it('expire-sessions ends the session of the call that it hits, and no other', async () => {
    const [mine, other] = [await tokenOf(org.url), await tokenOf(org.url)]
    await order({ mode: 'expire-sessions', match, count: 1 })
    const refused = await send(`${door} expired`, mine)
    expect(refused.status).toBe(failed.session)
    expect(refused.text).toContain('INVALID_SESSION_ID')
    expect((await send(`${door} expired`, mine)).status).toBe(failed.session)
    expect((await send(`${door} expired`, other)).status).toBe(ok)
  })

  it('lets some calls pass first, hits as many as asked, and leaves other calls alone', async () => {
    await order({ mode: 'down', match: { path, bodyContains: `${door} third` }, skip: 1, count: 2 })
    const statuses: (number | undefined)[] = []
    for (const name of ['first', 'third', 'third', 'third', 'third'])
      statuses.push((await send(`${door} ${name}`)).status)
    expect(statuses).toEqual([ok, ok, failed.down, failed.down, ok])
  })

  it('by chance hits the same calls again with the same seed, and others with another', async () => {
    const pattern = async (seed: number): Promise<string> => {
      await order({ mode: 'down', match, chance: 0.5, seed })
      const hits: boolean[] = []
      for (let call = 0; call < 10; call += 1) hits.push((await send(`${door} chance`)).status !== ok)
      await order({ mode: 'clear' })
      return hits.map(Number).join('')
    }
    const first = await pattern(3)
    expect(await pattern(3)).toBe(first)
    expect(await pattern(4)).not.toBe(first)
  })
})

describe('over gRPC', () => {
  it('an org that is down breaks streams and takes them up again', async () => {
    const first = await listener(org)
    await first.client.subscribe('/data/AccountChangeEvent', first.hear, 5)
    await alive(first.heard)
    await order({ mode: 'down' })
    await vi.waitUntil(() => first.heard.some(isOver), { timeout: 5000 })
    await order({ mode: 'clear' })

    const again = await listener(org)
    await again.client.subscribe('/data/AccountChangeEvent', again.hear, 5)
    await alive(again.heard)
    await overHttp('Heard again')
    await vi.waitUntil(() => received(again.heard).length > 0, { timeout: 5000 })
    await over(again)
  })

  it('ended sessions end the streams that they opened', async () => {
    const { client, heard, hear } = await listener(org)
    await client.subscribe('/data/AccountChangeEvent', hear, 5)
    await alive(heard)
    await order({ mode: 'expire-sessions' })
    await vi.waitUntil(() => heard.some(isOver), { timeout: 5000 })
    token = await tokenOf(org.url)
    client.close()
  })
})

const isOver = ({ type }: Heard): boolean => type === 'error' || type === 'end'

/** The client's close() leaves its streams open: each has to hear its end first. */
async function over({ client, heard }: Listener): Promise<void> {
  await order({ mode: 'down' })
  await vi.waitUntil(() => heard.some(isOver), { timeout: 5000 })
  client.close()
}
