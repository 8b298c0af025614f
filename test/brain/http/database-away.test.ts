import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../server/brain/adapters/postgres/session/database.ts'
import { storePool } from '../../../server/brain/adapters/postgres/session/pools.ts'
import { openDoor, type Door } from './server.ts'

/** A server that ends each session before its first answer; closed, it refuses them. */
async function silentServer(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  return { url: `postgres://nobody@127.0.0.1:${port}/none`, close }
}

/** A door whose transactions go to a PostgreSQL server that is away. */
async function doorOver(url: string): Promise<Door> {
  const pool = storePool(url, () => undefined)
  afterAll(() => pool.end())
  const away = openDatabase(pool)
  return openDoor({}, ({ store }) => ({
    store: { ...store, transaction: () => away.transaction(() => Promise.reject(new Error('no session was had'))) },
  }))
}

describe('while the database is away', () => {
  it.each(['refuses sessions', 'ends sessions'])('and %s, an answer is 503 and claims nothing', async (how) => {
    const server = await silentServer()
    if (how === 'refuses sessions') await server.close()
    const door = await doorOver(server.url)
    const facts = await door.propose()
    const response = await door.post('admin', `/api/v1/decisions/${facts.decision.id}/approve`, {
      digest: facts.changeSet.digest,
      decision: await door.token('admin', facts, 'approve'),
    })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    const detail = 'It is not known whether this request was carried out. Look again in a moment.'
    expect(await response.json()).toMatchObject({ title: 'The database does not answer', detail })
    if (how !== 'refuses sessions') await server.close()
  })
})
