import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { keptCommits } from '../../../src/doors/pubsub/committed.ts'
import { connect, startOrg, tokenOf } from '../../support/running-org.ts'

interface Heard {
  subject?: string
  subscriptionId?: string
  replayId?: number
  committed?: number
  error?: string
}

const dataDir = mkdtempSync(join(tmpdir(), 'managed-client-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

async function client(org: PracticeOrg, subscription: string): Promise<{ child: ChildProcess; heard: Heard[] }> {
  const trusted = join(dataDir, 'trusted.pem')
  writeFileSync(trusted, org.certificatePem)
  const settings = {
    instanceUrl: org.url.replace('http:', 'https:'),
    accessToken: await tokenOf(org.url),
    organizationId: org.orgId,
    pubSubEndpoint: `localhost:${org.eventsPort}`,
    subscription,
  }
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted }
  const child = fork(new URL('./managed-client.ts', import.meta.url), [JSON.stringify(settings)], { env })
  const heard: Heard[] = []
  child.on('message', (message: Heard) => heard.push(message))
  return { child, heard }
}

const subjects = (heard: Heard[]) => heard.flatMap(({ subject }) => subject ?? [])
const publish = async (org: PracticeOrg, names: string[]) => {
  const conn = await connect(org.url)
  for (const Subject__c of names) await conn.sobject('Practice_Signal__e').create({ Subject__c })
}
async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

it('the Pub/Sub client, unchanged, goes on after what it committed, also when the org was restarted', async () => {
  const before = await startOrg({ dataDir, keepAliveMs: 50 })
  await publish(before, ['a', 'b', 'c'])
  const first = await client(before, 'Practice_Signals')
  await vi.waitUntil(() => subjects(first.heard).length === 3, { timeout: 40_000 })
  expect(subjects(first.heard)).toEqual(['a', 'b', 'c'])
  const { subscriptionId, replayId } = first.heard[1] ?? {}
  first.child.send({ subscriptionId, replayId })
  const { committed } = await vi.waitUntil(() => first.heard.find((one) => one.committed !== undefined), {
    timeout: 10_000,
  })
  expect(committed).toBe(replayId)
  await vi.waitUntil(() => readsCommit(replayId ?? 0), { timeout: 5000 })
  await end(first.child)
  await before.close()
  const after = await startOrg({ dataDir, keepAliveMs: 50 })
  await publish(after, ['d'])
  const second = await client(after, String(subscriptionId))
  await vi.waitUntil(() => subjects(second.heard).length >= 2, { timeout: 40_000 })
  expect(subjects(second.heard)).toEqual(['c', 'd'])
  const refused = await client(after, 'Stopped_Signals')
  await vi.waitUntil(() => refused.heard.some(({ error }) => error), { timeout: 40_000 })
  expect(refused.heard.find(({ error }) => error)?.error).toMatch(/Stopped_Signals|RUN/)
  for (const { child } of [second, refused]) await end(child)
  await after.close()
}, 150_000)

/** The commit has reached the org's folder. */
function readsCommit(replayId: number): boolean {
  return keptCommits(dataDir).get('18x000000000001AAA') === replayId
}
