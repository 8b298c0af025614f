import { randomBytes } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signedFetch } from '../../../server/brain/adapters/salesforce/signed-fetch.ts'
import { remoteSwitch, type SalesforceSwitch } from '../../../server/brain/adapters/salesforce/switch.ts'
import { keepStopped } from '../../../server/brain/boot/keep-stopped.ts'
import { switchHash } from '../../../server/brain/domain/switch.ts'
import { lockSwitch, throwSwitch } from '../../../server/brain/runs/switch/throw-switch.ts'
import { DECISION_AUDIENCE } from '../../../server/contract/approval-token.ts'
import { rightsHash } from '../../../server/contract/rights.ts'
import { createSalesforceMcp, type SalesforceMcp } from '../../../server/salesforce-mcp/compose.ts'
import { openHttpDoor, type HttpDoor } from '../../../server/salesforce-mcp/http.ts'
import { answers, newCaller } from '../../salesforce-mcp/door/door-keys.ts'
import { newKeys } from '../../salesforce-mcp/signing.ts'
import { until } from '../../support/until.ts'
import { ORG_ID, USERS } from '../decisions/acme.ts'
import { answerIn } from '../decisions/answering.ts'
import { HOLD_SECONDS, PERMISSIONS, type Who } from '../decisions/world.ts'
import { openDoor, type Door } from './server.ts'

const web = newCaller('web')
const login = { clientId: 'id', username: 'user', privateKeyPem: newKeys().privatePem }

interface Shown {
  stopped: boolean
  modelStopped: boolean
  readsStopped: boolean
  salesforceMcpStopped: boolean | null
  ofMissions: string[]
  changes: { at: string; by: string; what: string; isStop: boolean; reason: string; hash: string }[]
}

let door: Door
let salesforceMcp: HttpDoor
let mcp: SalesforceMcp
let writes: SalesforceSwitch
let end: () => void = () => undefined

/** salesforce-mcp with everything on, as after each start of its process. */
async function startSalesforceMcp(port: number): Promise<void> {
  mcp = await createSalesforceMcp({
    orgId: ORG_ID,
    loginUrl: 'http://127.0.0.1:1',
    reader: login,
    writer: login,
    orgPublicKeys: [door.orgKey],
    sealKey: { key: randomBytes(32), earlier: [] },
    now: () => new Date(door.clock.now()),
  })
  salesforceMcp = await openHttpDoor(mcp, { port, callers: [web.listed], answerKey: answers.privateKey })
}

/** The door asks whichever salesforce-mcp there is. */
const switchThere: SalesforceSwitch = {
  stop: (what) => writes.stop(what),
  start: (token) => writes.start(token),
  position: () => writes.position(),
}

beforeAll(async () => {
  door = await openDoor({}, () => ({ salesforceSwitch: switchThere }))
})
beforeEach(async () => {
  await startSalesforceMcp(0)
  writes = remoteSwitch(salesforceMcp.url, signedFetch({ ...web.calling, orgId: ORG_ID }))
})
afterEach(async () => {
  end()
  const { stopped, modelStopped, readsStopped } = await shown()
  if (stopped || modelStopped || readsStopped) await start('all')
  await salesforceMcp.close()
})

const shown = () => door.json<Shown>('rep', '/api/v1/writes')
const stop = (what: string, reason = 'Odd merges since noon') =>
  door.post('admin', '/api/v1/writes/stop', { what, reason })

/** What Apex would sign for this person, about the latest change of the switch. */
async function signed(what: string, claims: Record<string, unknown> = {}, who: Who = 'admin'): Promise<string> {
  const iat = Math.floor(Date.parse(door.clock.now()) / 1000)
  return door.sign({
    iss: ORG_ID,
    sub: USERS[who],
    iat,
    exp: iat + 60,
    jti: crypto.randomUUID(),
    aud: DECISION_AUDIENCE,
    typ: 'decision',
    permissions: PERMISSIONS[who],
    groups: [],
    decisionId: `switch:${what}`,
    digest: (await shown()).changes[0]?.hash,
    verb: 'start-writes',
    rights: rightsHash([]),
    ...claims,
  })
}

const start = async (what: string, decision?: string, reason = 'The rule is mended') =>
  door.post('admin', '/api/v1/writes/start', { what, reason, decision: decision ?? (await signed(what)) })

describe('the switch', () => {
  it('is shown on both sides: stop sets both, and a salesforce-mcp that is started anew is stopped again', async () => {
    const port = Number(new URL(salesforceMcp.url).port)
    expect(await shown()).toMatchObject({ stopped: false, salesforceMcpStopped: false })
    expect(await (await stop('writes')).json()).toMatchObject({ stopped: true, salesforceMcpStopped: true })
    await salesforceMcp.close()
    expect(await shown()).toMatchObject({ stopped: true, salesforceMcpStopped: null })
    await startSalesforceMcp(port)
    // A connection from before the restart may be tried once more.
    await until('the new one answers', async () => (await writes.position())?.writes === false)
    expect(await shown()).toMatchObject({ stopped: true, salesforceMcpStopped: false })
    end = keepStopped({ store: door.store, writes, onError: () => undefined }, 20)
    await until('salesforce-mcp is stopped again', async () => (await writes.position())?.writes === true)
    const started = await start('writes')
    expect([started.status, await started.json()]).toMatchObject([200, { stopped: false, salesforceMcpStopped: false }])
  })

  it('stops reading there as well when everything is stopped, also after a restart', async () => {
    await stop('all')
    expect(await writes.position()).toEqual({ writes: true, reads: true, missions: [] })
    await mcp.start(await signed('all'))
    end = keepStopped({ store: door.store, writes, onError: () => undefined }, 20)
    await until('it reads nothing again', async () => (await writes.position())?.reads === true)
  })

  it('is started by no session token alone, and by no decision but the org’s for this very stop', async () => {
    await stop('writes')
    const [first] = (await shown()).changes
    await stop('writes', 'And again')
    const wrong: [string, string][] = [
      ['for the stop before', await signed('writes', { digest: first?.hash })],
      ['for models', await signed('model')],
      ['of another verb', await signed('writes', { verb: 'approve' })],
      ['of another user', await signed('writes', { sub: USERS.second })],
      ['of one who may not', await signed('writes', { permissions: PERMISSIONS.second })],
      ['of another org', await signed('writes', { iss: '00D000000000009EAA' })],
      ['that ended', await signed('writes', { iat: 1_700_000_000, exp: 1_700_000_060 })],
      ['that is no token', 'x.y.z'],
      ['that is a session token', await door.session('admin')],
    ]
    for (const [title, decision] of wrong) expect((await start('writes', decision)).status, title).toBe(403)
    const without = await door.post('admin', '/api/v1/writes/start', { reason: 'The rule is mended' })
    expect(without.status).toBe(400)
    expect(await shown()).toMatchObject({ stopped: true, salesforceMcpStopped: true })
    const good = await signed('writes')
    expect((await start('writes', good)).status).toBe(200)
    await stop('writes')
    expect((await start('writes', good)).status).toBe(403)
  })

  it('starts nothing that is not stopped', async () => {
    const answer = await start('model', await signed('model', { digest: 'a'.repeat(64) }))
    expect(answer.status).toBe(409)
  })

  it('records each stop and start with actor, time and reason in a chain, and refuses one without a reason', async () => {
    const before = (await shown()).changes
    for (const reason of ['', '  ', 'no']) expect((await stop('writes', reason)).status).toBe(400)
    expect((await door.post('admin', '/api/v1/writes/stop', {})).status).toBe(400)
    expect((await shown()).changes).toEqual(before)
    await stop('model', 'The model answers oddly')
    await start('model', undefined, 'The model was exchanged')
    const changes = await door.store.switchChanges(100)
    expect(changes.slice(0, 2)).toMatchObject([
      { by: USERS.admin, what: 'model', isStop: false, reason: 'The model was exchanged', at: door.clock.now() },
      { by: USERS.admin, what: 'model', isStop: true, reason: 'The model answers oddly', at: door.clock.now() },
    ])
    for (const [at, { hash, ...change }] of changes.entries())
      expect(switchHash(changes[at + 1]?.hash ?? null, change)).toBe(hash)
  })

  it('stops the writes of one mission on both sides, keeps them stopped there, and starts them by their own signature', async () => {
    const proposed = await door.propose()
    const { mission } = proposed.decision
    const what = `writes:${mission}`
    // As the brain stops it by itself after a breach: only the database knows.
    const change = { by: 'brain', what: `writes:${mission}` as const, isStop: true, reason: 'A breach' }
    await door.store.transaction(async (tx) => {
      await lockSwitch(tx)
      await throwSwitch(tx, change)
    })
    end = keepStopped({ store: door.store, writes, onError: () => undefined }, 20)
    await until('salesforce-mcp knows', async () => (await writes.position())?.missions.includes(mission) === true)
    expect(await shown()).toMatchObject({ stopped: false, ofMissions: [what], salesforceMcpStopped: false })
    await answerIn(door)(proposed, 'second', 'approve')
    door.clock.pass(HOLD_SECONDS + 1)
    const held = await door.advance(proposed.decision.runId)
    expect([held.status, held.reason?.join('')]).toEqual([
      'held',
      'Writes of this mission are stopped until an administrator starts them',
    ])
    expect((await start(what, await signed('writes'))).status).toBe(403)
    expect((await start('writes', await signed('writes'))).status).toBe(409)
    expect((await start(what)).status).toBe(200)
    expect(await shown()).toMatchObject({ ofMissions: [] })
    expect((await writes.position())?.missions).toEqual([])
    expect((await door.advance(proposed.decision.runId)).phase).toBe('commit')
    expect((await door.advance(proposed.decision.runId)).status).not.toBe('held')
  })

  it('lets an administrator stop the runs that events start, and refuses a mission that has no name', async () => {
    expect(await (await stop('starts:tidy')).json()).toMatchObject({ stopped: false, ofMissions: ['starts:tidy'] })
    expect((await start('starts:tidy')).status).toBe(200)
    for (const what of ['writes:', 'starts:Tidy', 'reads:tidy', 'writes:a b'])
      expect((await stop(what)).status).toBe(400)
  })

  it('stops models alone, with salesforce-mcp on', async () => {
    expect(await (await stop('model')).json()).toMatchObject({
      stopped: false,
      modelStopped: true,
      readsStopped: false,
      salesforceMcpStopped: false,
    })
  })

  it('closes every stream with the reason when everything is stopped, and opens none until it is started', async () => {
    const streams = [await door.listen('rep', '?decisions=1'), await door.listen('second', '')]
    const begun = performance.now()
    await stop('all')
    await Promise.all(streams.map(({ ended }) => ended))
    expect(performance.now() - begun).toBeLessThan(1_000)
    for (const { text } of streams) expect(text().endsWith('event: stopped\ndata: {}\n\n')).toBe(true)
    const refused = await door.get('rep', '/api/v1/stream')
    expect([refused.status, await refused.json()]).toMatchObject([503, { title: 'Stopped' }])
    await start('all')
    const again = await door.listen('rep', '')
    again.close()
  })

  it('closes the streams of another process within a second or so', async () => {
    const { ended, text } = await door.listen('rep', '')
    await until('it is live', () => Promise.resolve(text().includes(': live')))
    // As another process stops it: only the database knows.
    await door.store.transaction((tx) => tx.setSetting('reads', 'stopped'))
    await ended
    expect(text()).toContain('event: stopped')
    await door.store.transaction((tx) => tx.setSetting('reads', 'allowed'))
  })
})
