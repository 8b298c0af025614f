import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { endTied, startTied } from './tied.ts'
import { until } from './until.ts'

/** A PostgreSQL server of its own, in a folder that is deleted with it. */
export interface PostgresServer {
  url: string
  /** A new, empty database on it; gives its URL. */
  database(name: string): Promise<string>
  stop(): Promise<void>
}

/** Folder of the newest PostgreSQL installed; undefined without one. */
export const postgresBinaries = (): string | undefined =>
  globSync('/usr/lib/postgresql/*/bin')
    .filter((folder) => existsSync(join(folder, 'initdb')))
    .sort()
    .at(-1)

export const hasPostgres = () => postgresBinaries() !== undefined

/** PostgreSQL refuses to run as root: then it runs as one of these. */
export function postgresUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, name]).stdout))
    if (uid && gid) return { uid, gid }
  }
  throw new Error('PostgreSQL must not run as root, and neither user postgres nor nobody is there')
}

/** Starts a server, or says in one line what is missing and gives null: then the tests that want one are skipped. */
export async function startPostgres(): Promise<PostgresServer | null> {
  const bin = postgresBinaries()
  if (!bin) {
    console.log('skipped: no PostgreSQL server was found; get it with apt-get install postgresql')
    return null
  }
  const identity = postgresUser()
  const folder = mkdtempSync(join(tmpdir(), 'missions-pg-'))
  if (identity) chownSync(folder, identity.uid, identity.gid)
  const data = join(folder, 'data')
  const run = { ...(identity ?? {}), cwd: folder, stdio: 'ignore' as const }
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'missions', '--auth=trust', '--no-sync', '-E', 'UTF8'], run)
  const port = await freePort()
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, fsync: 'off' }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = startTied(join(bin, 'postgres'), ['-D', data, ...args], run)
  const url = `postgres://missions@127.0.0.1:${port}/postgres`
  await until('the server answers', () =>
    query(url, 'select 1').then(
      () => true,
      () => false,
    ),
  )
  return {
    url,
    async database(name) {
      await query(url, `create database "${name}"`)
      return url.replace(/postgres$/, name)
    },
    async stop() {
      await endTied(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
