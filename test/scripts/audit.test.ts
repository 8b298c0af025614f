import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditCommand } from '../../scripts/audit/command.ts'
import { lockFolder } from '../../server/data-folder/lock.ts'
import { openEmbedded } from '../../server/brain/adapters/pglite/open.ts'
import { storePool } from '../../server/brain/adapters/postgres/pools.ts'
import { openStore } from '../../server/brain/adapters/postgres/store.ts'
import type { Pool } from '../../server/brain/adapters/postgres/pools.ts'
import { clock, ids, ORG_ID } from '../brain/store/databases.ts'
import { someRun } from '../brain/store/fixtures.ts'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'

const KEY = Buffer.alloc(32, 7)
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'missions-audit-'))
  mkdirSync(join(folder, 'keys'))
  writeFileSync(join(folder, 'keys', 'body.key'), KEY.toString('hex'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function audit(argv: readonly string[], env: Record<string, string> = {}) {
  const lines: string[] = []
  const code = await auditCommand(argv, env, (line) => lines.push(line))
  return { code, lines, text: lines.join('\n') }
}

/** Two runs with three entries each, in their phase `read`. */
async function twoRuns(pool: Pool): Promise<[string, string]> {
  const store = await openStore({ pool, orgId: ORG_ID, clock, ids, bodyKey: KEY })
  const runs = [someRun({ phase: 'read' }), someRun({ phase: 'read' })] as const
  for (const run of runs) {
    await store.transaction((tx) => tx.insertRun(run))
    const entry = { runId: run.id, phase: 'trigger' as const, requestHash: 'a'.repeat(64) }
    await store.transaction((tx) => tx.appendJournal({ ...entry, n: 1, key: 'lead', answer: { name: 'Acme' } }))
    await store.transaction((tx) => tx.appendJournal({ ...entry, n: 2, key: 'result', answer: { ok: true } }))
    await store.transaction((tx) => tx.appendJournal({ ...entry, n: 3, phase: 'read', key: 'more', answer: [1, 2] }))
  }
  await store.close()
  return [runs[0].id, runs[1].id]
}

describe('npm run audit on a data folder', () => {
  async function filled(): Promise<string> {
    const { pool, close } = await openEmbedded({ dataDir: folder, orgId: ORG_ID })
    const [first] = await twoRuns(pool)
    await close()
    return first
  }

  it('finds that everything adds up, and says what it cannot find', async () => {
    await filled()
    const { code, lines } = await audit(['--data-dir', folder])
    expect(code).toBe(0)
    expect(lines[0]).toBe('2 runs, 6 journal entries: everything adds up')
    expect(lines[1]).toContain('checkpoints')
  })

  it('refuses while a living process holds the folder, in one line', async () => {
    await filled()
    const unlock = lockFolder(folder)
    const { code, lines } = await audit(['--data-dir', folder])
    unlock()
    expect(code).toBe(2)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(new RegExp(`in use by process ${process.pid}.*stop it first`))
  })

  it('refuses a folder that is none of a brain, and touches nothing there', async () => {
    const { code, lines } = await audit(['--data-dir', join(folder, 'none')])
    expect(code).toBe(2)
    expect(lines[0]).toContain('is no data folder')
  })
})

describe('npm run audit on PostgreSQL', () => {
  let server: PostgresServer | null = null
  let names = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  /** Fills a database, spoils it by SQL, audits it. `$1` and `$2` in the statement are the two runs. */
  async function spoiled(
    statement: string,
    argv: readonly string[] = ['--body-key-file', join(folder, 'keys', 'body.key')],
  ) {
    const url = await server!.database(`audit_${(names += 1)}`)
    const pool = storePool(url, () => {})
    const [first, second] = await twoRuns(pool)
    if (statement) await pool.query(statement.replaceAll('$1', `'${first}'`).replaceAll('$2', `'${second}'`))
    await pool.end()
    return { first, second, ...(await audit(argv, { DATABASE_URL: url, DATA_DIR: join(folder, 'none') })) }
  }

  it('checks the chain alone when the body key is not at hand, and says so', async ({ skip }) => {
    if (!server) skip()
    const { code, text } = await spoiled('', [])
    expect(code).toBe(0)
    expect(text).toContain('were not opened')
  })

  it.each([
    [
      'an edited entry',
      `update missions.journal_entry set key = 'other' where run_id = $1 and n = 2`,
      2,
      'was changed',
    ],
    ['a deleted entry', `delete from missions.journal_entry where run_id = $1 and n = 2`, 2, 'is missing'],
    ['a deleted beginning', `delete from missions.journal_entry where run_id = $1 and n = 1`, 1, 'is missing'],
    [
      'an answer put in place of another',
      `update missions.body set sealed = (select sealed from missions.body b join missions.journal_entry e on e.answer_hash = b.hash where e.run_id = $1 and e.n = 1 limit 1) where run_id = $1 and hash = (select answer_hash from missions.journal_entry where run_id = $1 and n = 3)`,
      3,
      'answer was changed',
    ],
    [
      'a deleted answer',
      `delete from missions.body where run_id = $1 and hash = (select answer_hash from missions.journal_entry where run_id = $1 and n = 3)`,
      3,
      'answer is missing',
    ],
    [
      'an answer that was tampered with',
      `update missions.body set sealed = 'AAAA' || substr(sealed, 5) where run_id = $1 and hash = (select answer_hash from missions.journal_entry where run_id = $1 and n = 1)`,
      1,
      'cannot be opened',
    ],
  ])('reports %s by run and entry, and no other run', async (_, statement, n, what) => {
    if (!server) return
    const { code, lines, first } = await spoiled(statement)
    expect(code).toBe(1)
    expect(lines[0]).toMatch(new RegExp(`^run ${first} entry ${n}: `))
    const findings = lines.filter((line) => line.startsWith('run '))
    expect(findings.filter((line) => !line.startsWith(`run ${first}`))).toEqual([])
    expect(lines[0]).toContain(what)
  })

  it('reports results that were cut off before the phase the run has come to', async ({ skip }) => {
    if (!server) skip()
    const { code, lines, first } = await spoiled(`delete from missions.journal_entry where run_id = $1`)
    expect(code).toBe(1)
    expect(lines[0]).toBe(`run ${first}: has come to read, but the result of trigger is missing`)
  })

  it('reports a run that is gone while its journal stands', async ({ skip }) => {
    if (!server) skip()
    const { code, lines, second } = await spoiled(`delete from missions.run where id = $2`)
    expect(code).toBe(1)
    expect(lines[0]).toBe(`run ${second}: has a journal, but the run itself is missing`)
  })

  it('counts a run whose key was destroyed as erased, not as changed', async ({ skip }) => {
    if (!server) skip()
    const { code, lines } = await spoiled(`delete from missions.run_key where run_id = $1`)
    expect(code).toBe(0)
    expect(lines[0]).toContain('contents of 1 run erased')
  })
})
