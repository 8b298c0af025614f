import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ErasureView, RunView } from '../../../server/contract/http.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { CORP, INC, LEAD, USERS } from '../decisions/acme.ts'
import { openDoor, type Door } from './server.ts'

let door: Door
let facts: LoadedDecision
beforeAll(async () => {
  door = await openDoor()
})
beforeEach(async () => {
  facts = await door.propose()
})

const erase = (body: object) => door.post('admin', '/api/v1/erasures', { reason: 'Her request of May 3', ...body })
const BY = `user ${USERS.admin}`
/** What only the contents say. */
const SAID = /Acme Inc|Acme Corp|Jane Doe|617 555|Call Jane/

describe('erasing over HTTP', () => {
  it.each(['second', 'rep', 'manager', 'auditor'] as const)('is not for %s', async (who) => {
    const refused = await door.post(who, '/api/v1/erasures', { run: facts.run.id, reason: 'why not' })
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ missing: 'Administer_Missions' }),
    ])
    expect((await door.store.run(facts.run.id))?.erased).toBeNull()
  })

  it('wants a record or a run, and a reason', async () => {
    for (const body of [
      {},
      { run: facts.run.id, record: LEAD },
      { record: 'nonsense-nonsense' },
      { run: 'x', reason: '' },
    ])
      expect((await erase(body)).status).toBe(400)
    expect((await erase({ run: 'unknown' })).status).toBe(404)
    expect((await erase({ record: '0010000000000ZZ' })).status).toBe(404)
  })

  it('is listed for administrators and auditors, and for nobody else', async () => {
    const erased = await erase({ run: facts.run.id })
    expect(erased.status).toBe(201)
    const view = (await erased.json()) as ErasureView
    expect(view).toMatchObject({ by: BY, reason: 'Her request of May 3', record: null, runs: [facts.run.id] })
    for (const who of ['admin', 'auditor'] as const) {
      const { items } = await door.json<{ items: ErasureView[] }>(who, '/api/v1/erasures?limit=1')
      expect(items).toEqual([view])
    }
    expect((await door.get('rep', '/api/v1/erasures')).status).toBe(403)
  })

  it('refuses a run that is at work, and says what to do', async () => {
    await door.store.transaction((tx) => tx.updateRun(facts.run.id, { status: 'running' }))
    const refused = await erase({ record: INC })
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('is at work') })
  })
})

describe('what was erased', () => {
  let erased: { at: string; by: string }
  beforeEach(async () => {
    const { at } = (await (await erase({ record: CORP })).json()) as ErasureView
    erased = { at, by: BY }
  })

  it('says so in the list of runs, the run, its observations, its replay and the rationale', async () => {
    const id = facts.run.id
    const { items } = await door.json<{ items: RunView[] }>('admin', `/api/v1/runs?record=${LEAD}&limit=1`)
    expect(items).toMatchObject([{ id, status: 'cancelled', erased, subject: { id: LEAD, name: null }, reason: null }])
    expect(await door.json('admin', `/api/v1/runs/${id}`)).toMatchObject({ erased, launcher: null, differences: [] })
    const observations = await door.json('admin', `/api/v1/runs/${id}/observations`)
    expect(observations).toEqual({ items: [], next: null, erased })
    const replay = await door.json<{ steps: unknown[] }>('auditor', `/api/v1/runs/${id}/replay`)
    expect(replay).toMatchObject({ run: { erased }, observations: [] })
    expect(replay.steps.at(-1)).toMatchObject({ key: 'erased' })
    expect(replay.steps.length).toBeGreaterThan(2)
    expect(JSON.stringify([items, observations, replay])).not.toMatch(SAID)
  })

  it('says so of its decision, which nobody can answer any more', async () => {
    const path = `/api/v1/decisions/${facts.decision.id}`
    const gone = await door.get('admin', path)
    expect([gone.status, await gone.json()]).toEqual([
      410,
      expect.objectContaining({ erased, detail: `The contents were erased on ${erased.at.slice(0, 10)} by ${BY}.` }),
    ])
    const token = await door.token('admin', facts, 'approve')
    const late = await door.post('admin', `${path}/approve`, { digest: facts.changeSet.digest, decision: token })
    expect(late.status).toBeGreaterThanOrEqual(404)
    expect(late.status).toBeLessThan(500)
    const listed = await door.json<{ items: { id: string }[] }>('admin', `/api/v1/decisions?record=${LEAD}&limit=5`)
    expect(listed.items.map(({ id }) => id)).not.toContain(facts.decision.id)
    expect(listed).toMatchObject({
      erased: expect.arrayContaining([
        expect.objectContaining({ id: facts.decision.id, status: 'superseded', erased }),
      ]),
    })
    expect(await door.json('admin', '/api/v1/decisions?status=open')).toMatchObject({ items: [], erased: [] })
  })

  it('stays hidden from whoever may not read the record', async () => {
    door.salesforce.hide(USERS.rep, LEAD)
    door.clock.pass(301)
    expect((await door.get('rep', `/api/v1/runs/${facts.run.id}`)).status).toBe(404)
    expect((await door.get('rep', `/api/v1/decisions/${facts.decision.id}`)).status).toBe(404)
    expect(await door.json('rep', '/api/v1/decisions')).toMatchObject({ erased: [] })
    expect(await door.json('rep', '/api/v1/runs')).toMatchObject({ items: [] })
  })

  it('cannot be steered, and does not stop anything else', async () => {
    for (const verb of ['pause', 'resume', 'cancel'])
      expect((await door.post('admin', `/api/v1/runs/${facts.run.id}/${verb}`)).status).toBeLessThan(500)
    expect((await door.get('admin', '/metrics')).status).toBeLessThan(500)
    expect((await door.propose()).decision.status).toBe('open')
  })

  it('is read over MCP as erased', async () => {
    const client = new Client({ name: 'test', version: '1' })
    const headers = { authorization: `Bearer ${await door.session('admin')}` }
    const transport = new StreamableHTTPClientTransport(new URL(`${door.url}/mcp`), { requestInit: { headers } })
    await client.connect(transport as Transport)
    const read = await client.callTool({ name: 'readRun', arguments: { runId: facts.run.id } })
    expect(read.structuredContent).toMatchObject({ run: { id: facts.run.id, erased }, observations: [] })
    const listed = await client.callTool({ name: 'listDecisions', arguments: { record: LEAD } })
    expect(JSON.stringify(listed.structuredContent)).toContain(facts.decision.id)
    expect(JSON.stringify([read, listed])).not.toMatch(SAID)
    await client.close()
  })
})

it('tells a change that was verified and erased in its rationale, without what it was', async () => {
  await door.post('admin', `/api/v1/decisions/${facts.decision.id}/approve`, {
    digest: facts.changeSet.digest,
    decision: await door.token('admin', facts, 'approve'),
  })
  await door.store.transaction((tx) => tx.updateRun(facts.run.id, { status: 'cancelled', verdict: 'verified' }))
  expect((await erase({ run: facts.run.id })).status).toBe(201)
  const { items } = await door.json<{ items: object[] }>('admin', `/api/v1/records/${LEAD}/rationale`)
  expect(items[0]).toMatchObject({
    runId: facts.run.id,
    verdict: 'verified',
    sentence: '',
    fields: [],
    erased: { by: BY },
  })
  expect((await door.store.decision(facts.decision.id))?.status).toBe('approved')
})

it('is streamed: to those who follow the run or decisions, and from a position before it, without the contents', async () => {
  const before = await door.store.headCursor()
  const following = await door.listen('admin', `?run=${facts.run.id}`)
  const deciding = await door.listen('second', '?decisions=1')
  for (const { text } of [following, deciding]) await expect.poll(text).toContain(': live')
  await erase({ run: facts.run.id })
  const told = expect.objectContaining({ id: facts.run.id, erased: expect.objectContaining({ by: BY }) })
  for (const { events } of [following, deciding])
    await expect.poll(() => events.map(({ data }) => data)).toContainEqual(told)
  const late = await door.listen('admin', `?run=${facts.run.id}`, before.replace(/\d+\./, '1.'))
  await expect.poll(() => late.text()).toContain(': live')
  expect(late.events.map(({ data }) => data)).toContainEqual(told)
  expect(late.text()).not.toMatch(SAID)
  for (const stream of [following, deciding, late]) stream.close()
})
