import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { endTied, startTied } from './tied.ts'
import { until } from './until.ts'

/** A Redis server of its own, kept nowhere. */
export interface RedisServer {
  url: string
  stop(): Promise<void>
}

export const hasRedis = () => spawnSync('redis-server', ['--version']).status === 0

/** Starts a server, or says in one line what is missing and gives null: then the tests that want one are skipped. */
export async function startRedis(): Promise<RedisServer | null> {
  if (!hasRedis()) {
    console.log('skipped: no redis-server was found; get it with apt-get install redis-server')
    return null
  }
  const folder = mkdtempSync(join(tmpdir(), 'missions-redis-'))
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const server = startTied('redis-server', [...args, '--maxmemory-policy', 'noeviction'])
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url, { lazyConnect: false })
  client.on('error', () => {})
  await until('the server answers', () =>
    client.ping().then(
      () => true,
      () => false,
    ),
  )
  client.disconnect()
  return {
    url,
    async stop() {
      await endTied(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
