import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { queuePool } from '../../../server/brain/adapters/postgres/session/pools.ts'
import { openQueue, type OpenQueue, type QueueBackend } from '../../../server/brain/adapters/queue/bull.ts'
import { startPostgres } from '../../support/postgres.ts'
import { startRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'

interface Opened {
  backend: QueueBackend
  close(): Promise<void>
}

const BACKENDS: Record<string, () => Promise<Opened | null>> = {
  async PGlite() {
    const { pool, close } = await openInMemory()
    return { backend: { kind: 'postgres', pool }, close }
  },
  async PostgreSQL() {
    const server = await startPostgres()
    if (!server) return null
    const pool = queuePool(server.url, () => {})
    const close = async () => {
      await pool.end()
      await server.stop()
    }
    return { backend: { kind: 'postgres', pool }, close }
  },
  async Redis() {
    const server = await startRedis()
    return server && { backend: { kind: 'redis', url: server.url }, close: server.stop }
  },
}

describe.each(Object.keys(BACKENDS))('the queue on %s', (name) => {
  let opened: Opened | null = null
  let queue: OpenQueue
  const worked: string[] = []
  beforeAll(async () => {
    opened = (await BACKENDS[name]?.()) ?? null
    if (opened) queue = await openQueue({ backend: opened.backend, concurrency: 4, onError: () => {} })
  })
  afterAll(async () => {
    await queue?.close()
    await opened?.close()
  })

  it('keeps one job of a kind for a run, however often a sweep finds it', async (context) => {
    if (!opened) return context.skip()
    const once = await openQueue({ backend: opened.backend, concurrency: 1, onError: () => {} })
    for (let n = 0; n < 20; n += 1) await once.enqueueOnce({ kind: 'advance-run', about: 'swept' })
    await once.enqueueOnce({ kind: 'expire-decision', about: 'swept' })
    const done: string[] = []
    void once.work((job) => Promise.resolve(void done.push(job.kind)))
    await until('both jobs', () => Promise.resolve(done.length >= 2))
    // A job that came to an end makes room for the next of its kind.
    await once.enqueueOnce({ kind: 'advance-run', about: 'swept' })
    await until('the next job', () => Promise.resolve(done.length >= 3))
    expect(done).toEqual(['advance-run', 'expire-decision', 'advance-run'])
    await once.close()
  })

  it('forgets what waits when it is dropped', async (context) => {
    if (!opened) return context.skip()
    await queue.enqueue({ kind: 'advance-run', about: 'forgotten' })
    await queue.drop()
    await queue.enqueue({ kind: 'advance-run', about: 'kept' })
    void queue.work((job) => {
      worked.push(job.about)
      return Promise.resolve()
    })
    await until('the job after the drop', () => Promise.resolve(worked.includes('kept')))
    expect(worked.splice(0)).toEqual(['kept'])
  })

  it('hands each job to a worker, the same id as often as it is sent', async (context) => {
    if (!opened) return context.skip()
    for (const about of ['a', 'b', 'a']) await queue.enqueue({ kind: 'advance-run', about })
    await until('three jobs', () => Promise.resolve(worked.length >= 3))
    expect([...worked].sort()).toEqual(['a', 'a', 'b'])
  })

  it('goes on after a job that threw', async (context) => {
    if (!opened) return context.skip()
    const other = await openQueue({ backend: opened.backend, concurrency: 1, onError: () => {} })
    let threw = 0
    const seen = new Set<string>()
    void other.work((job) => {
      seen.add(job.about)
      threw += 1
      return Promise.reject(new Error('no'))
    })
    for (let n = 0; n < 12; n += 1) await queue.enqueue({ kind: 'expire-decision', about: `job-${n}` })
    await until('all of them', () =>
      Promise.resolve(worked.filter((id) => id.startsWith('job')).length + seen.size >= 12),
    )
    expect(threw).toBe(seen.size)
    await other.close()
  })
})

it('says so within its time when Redis takes the connection and answers nothing', async () => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const backend = { kind: 'redis', url: `redis://127.0.0.1:${port}` } as const
  const queue = await openQueue({ backend, concurrency: 1, answersWithinMs: 200, onError: () => {} })
  const job = { kind: 'advance-run', about: 'run' } as const
  await expect(queue.enqueue(job)).rejects.toThrow('did not answer')
  await expect(queue.enqueueOnce(job)).rejects.toThrow('did not answer')
  await expect(queue.drop()).rejects.toThrow('did not answer')
  for (const socket of sockets) socket.destroy()
  await queue.close()
  server.close()
})
