// A backup of the brain's database, and its restore, by PostgreSQL's own programs.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { postgresBinaries } from '../../../test/support/postgres.ts'

const run = promisify(execFile)
const program = (name: string): string => join(postgresBinaries() ?? '', name)

/** While the brain goes on. */
export async function dumpDatabase(url: string, file: string): Promise<void> {
  await run(program('pg_dump'), ['--format=custom', `--file=${file}`, url])
}

/** In place of what is there; sessions that are open end. */
export async function restoreDatabase(url: string, file: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const client = new pg.Client({ connectionString: url.replace(/[^/]*$/, 'template1') })
  await client.connect()
  try {
    await client.query(`drop database "${name}" with (force)`)
    await client.query(`create database "${name}"`)
  } finally {
    await client.end()
  }
  await run(program('pg_restore'), ['--exit-on-error', `--dbname=${url}`, file])
}
