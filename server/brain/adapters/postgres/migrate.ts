import { StartRefused } from '../../../contract/start-refused.ts'
import { readFile, readdir } from 'node:fs/promises'
import type { Pool, PoolClient } from 'pg'

const FOLDER = new URL('./migrations/', import.meta.url)
/** Any fixed number: every process that migrates this schema takes the same advisory lock. */
const LOCK = 727_001

/** The database belongs to a newer release than this one. */
export class NewerSchema extends StartRefused {
  readonly found: number
  readonly known: number
  constructor(found: number, known: number) {
    super(`the database has schema version ${found}, this release knows up to ${known}: start the newer release`)
    this.found = found
    this.known = known
  }
}

async function migrationFiles(): Promise<{ version: number; name: string }[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
  return names.map((name) => ({ version: Number(name.slice(0, 4)), name }))
}

/** The schema version this release writes. */
export async function schemaVersion(): Promise<number> {
  return (await migrationFiles()).at(-1)?.version ?? 0
}

/** Migrates `missions.*` in one transaction; processes that start together wait for each other. Throws NewerSchema. */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(`select pg_advisory_xact_lock(${LOCK})`)
    await applyMissing(client)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function applyMissing(client: PoolClient): Promise<void> {
  await client.query('create schema if not exists missions')
  await client.query('create table if not exists missions.migration (version integer primary key, name text not null)')
  const { rows } = await client.query<{ version: number }>('select version from missions.migration order by version')
  const found = rows.at(-1)?.version ?? 0
  const files = await migrationFiles()
  const known = files.at(-1)?.version ?? 0
  if (found > known) throw new NewerSchema(found, known)
  for (const { version, name } of files.filter((file) => file.version > found)) {
    await client.query(await readFile(new URL(name, FOLDER), 'utf8'))
    await client.query('insert into missions.migration (version, name) values ($1, $2)', [version, name])
  }
}
