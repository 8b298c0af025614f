import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { beforeAll, expect, it } from 'vitest'
import { LEAD, USERS } from '../decisions/acme.ts'
import type { Who } from '../decisions/world.ts'
import { openDoor, type Door } from '../http/server.ts'

let door: Door

beforeAll(async () => {
  door = await openDoor()
})

async function clientOf(who: Who): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const headers = { authorization: `Bearer ${await door.session(who)}` }
  const transport = new StreamableHTTPClientTransport(new URL(`${door.url}/mcp`), { requestInit: { headers } })
  await client.connect(transport as Transport)
  return client
}

it('offers nothing that decides', async () => {
  const { tools } = await (await clientOf('admin')).listTools()
  expect(tools.map(({ name }) => name)).toEqual(['launchMission', 'readRun', 'listDecisions'])
})

it('offers each person only what that person may call', async () => {
  const offered = async (who: Who) => (await (await clientOf(who)).listTools()).tools.map(({ name }) => name)
  expect(await offered('rep')).toEqual(['readRun', 'listDecisions'])
  expect(await offered('manager')).toEqual(['launchMission', 'readRun', 'listDecisions'])
  expect(await offered('priya')).toEqual([])
  const call = await (await clientOf('rep')).callTool({ name: 'launchMission', arguments: {} })
  expect(call).toMatchObject({ isError: true, structuredContent: { problem: { status: 403 } } })
})

it('wants a session token', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  expect((await fetch(`${door.url}/mcp`, { method: 'POST', body, headers })).status).toBe(401)
})

it('refuses a batch, which would count as one request', async () => {
  const call = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'listDecisions' } })
  const headers = {
    authorization: `Bearer ${await door.session('admin')}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  const post = (message: unknown) =>
    fetch(`${door.url}/mcp`, { method: 'POST', body: JSON.stringify(message), headers })
  expect((await post(call(1))).status).toBe(200)
  for (const batch of [[call(1), call(2)], [call(1)], []]) {
    const refused = await post(batch)
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ detail: 'A request carries one message: batches are refused.' }),
    ])
  }
})

it('launches a run for its caller, once per key, and reads it', async () => {
  const client = await clientOf('manager')
  const input = {
    mission: 'duplicate-account-reconciliation',
    key: 'mcp-launch-1',
    subject: { object: 'Lead', id: LEAD },
  }
  const launched = await client.callTool({ name: 'launchMission', arguments: input })
  const again = await client.callTool({ name: 'launchMission', arguments: input })
  expect(again.structuredContent).toEqual(launched.structuredContent)
  const { runId } = launched.structuredContent as { runId: string }
  const read = await client.callTool({ name: 'readRun', arguments: { runId } })
  expect(read.structuredContent).toMatchObject({ run: { id: runId, launcher: USERS.manager } })
})

it('refuses with the same problems as over HTTP', async () => {
  const { decision, run } = await door.propose()
  const rep = await clientOf('rep')
  const input = {
    mission: 'duplicate-account-reconciliation',
    key: 'mcp-launch-2',
    subject: { object: 'Lead', id: LEAD },
  }
  const refused = await rep.callTool({ name: 'launchMission', arguments: input })
  expect(refused).toMatchObject({ isError: true, structuredContent: { problem: { status: 403 } } })
  const listed = await rep.callTool({ name: 'listDecisions', arguments: { status: 'open', record: LEAD } })
  expect(listed.structuredContent).toMatchObject({ items: [{ id: decision.id }] })
  door.salesforce.hide(USERS.rep, LEAD)
  door.clock.pass(301)
  const late = await clientOf('rep')
  const hidden = await late.callTool({ name: 'readRun', arguments: { runId: run.id } })
  expect(hidden).toMatchObject({ isError: true, structuredContent: { problem: { status: 404 } } })
  const odd = await late.callTool({ name: 'approveDecision', arguments: {} })
  expect(odd).toMatchObject({ isError: true, structuredContent: { problem: { status: 400 } } })
})
