// PostgreSQL and Redis that keep their port and data over a kill, so that they can be started again.
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { postgresBinaries, postgresUser } from '../../../test/support/postgres.ts'
import type { Program } from './managed.ts'

interface Database {
  program: Program
  url: string
}

/** Throws Error when no PostgreSQL is installed. */
export function postgresProgram(folder: string, port: number): Database {
  const bin = postgresBinaries()
  if (!bin) throw new Error('no PostgreSQL server was found; get it with apt-get install postgresql')
  const user = postgresUser()
  const home = join(folder, 'postgres')
  mkdirSync(home, { recursive: true })
  if (user) chownSync(home, user.uid, user.gid)
  const data = join(home, 'data')
  const init = ['-D', data, '-U', 'missions', '--auth=trust', '--no-sync', '-E', 'UTF8']
  execFileSync(join(bin, 'initdb'), init, { cwd: home, stdio: 'ignore', ...user })
  const url = `postgres://missions@127.0.0.1:${port}/postgres`
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: home, fsync: 'off' }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const program: Program = {
    name: 'postgres',
    command: join(bin, 'postgres'),
    args: ['-D', data, ...args],
    env: { PATH: process.env.PATH ?? '' },
    logFile: join(folder, 'logs', 'postgres.log'),
    isReady: async () => (await ask(url, 'select 1')).length === 1,
    user,
    endSignal: 'SIGINT',
  }
  return { program, url }
}

/** Rows that a query gives on a connection of its own. */
async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

/** Kept nowhere: a killed Redis has lost everything. */
export function redisProgram(folder: string, port: number): Database {
  const url = `redis://127.0.0.1:${port}`
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const program: Program = {
    name: 'redis',
    command: 'redis-server',
    args: [...args, '--maxmemory-policy', 'noeviction'],
    env: { PATH: process.env.PATH ?? '' },
    logFile: join(folder, 'logs', 'redis.log'),
    isReady: async () => (await redisCommand(url, 'ping')) === 'PONG',
  }
  return { program, url }
}

/** Answer to one command on a connection of its own. */
export async function redisCommand(url: string, command: 'ping' | 'flushall'): Promise<string> {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    retryStrategy: null,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return String(await client.call(command))
  } finally {
    client.disconnect()
  }
}
