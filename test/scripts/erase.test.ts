import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { auditCommand } from '../../scripts/audit/command.ts'
import { eraseCommand } from '../../scripts/erase/command.ts'
import { lockFolder } from '../../server/data-folder/lock.ts'
import { openEmbedded } from '../../server/brain/adapters/pglite/open.ts'
import { storePool, type Pool } from '../../server/brain/adapters/postgres/session/pools.ts'
import { recordId18 } from '../../server/brain/domain/record-id.ts'
import { openStore } from '../../server/brain/adapters/postgres/store.ts'
import { checkpointKey, checkpointPublicKey, clock, ids, ORG_ID } from '../brain/store/databases.ts'
import { someRun } from '../brain/store/fixtures.ts'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'

const KEY = Buffer.alloc(32, 7)
const PLANTED = 'planted-trigger-key-of-Maria'
let folder = ''
let template = ''
let made: Awaited<ReturnType<typeof filled>>
let server: PostgresServer | null = null
beforeAll(async () => {
  server = await startPostgres()
  // Founding an embedded database takes seconds: once, then copied.
  template = mkdtempSync(join(tmpdir(), 'missions-erase-'))
  const { pool, close } = await openEmbedded({ dataDir: template, orgId: ORG_ID })
  made = await filled(pool)
  await close()
}, 120_000)
afterAll(async () => {
  rmSync(template, { recursive: true, force: true })
  await server?.stop()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'missions-erase-'))
  mkdirSync(join(folder, 'keys'))
  writeFileSync(join(folder, 'keys', 'body.key'), KEY.toString('hex'))
  writeFileSync(join(folder, 'keys', 'checkpoint.pem'), checkpointKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(join(folder, 'keys', 'checkpoint.pub.pem'), checkpointPublicKey.export({ type: 'spki', format: 'pem' }))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Command = (argv: readonly string[], say: (line: string) => void) => Promise<number>
async function told(command: Command, argv: readonly string[]) {
  const lines: string[] = []
  const code = await command(argv, (line) => lines.push(line))
  return { code, lines, text: lines.join('\n') }
}
const erase = (argv: readonly string[], env: Record<string, string> = {}) =>
  told((args, say) => eraseCommand(args, { env, account: 'operator' }, say), argv)
const audit = (argv: readonly string[], env: Record<string, string> = {}) =>
  told((args, say) => auditCommand(args, env, say), argv)

/** Two finished runs and a running one; the first has a trigger key that is easy to look for, and its wrapped key is given back. */
async function filled(pool: Pool) {
  const store = await openStore({ pool, orgId: ORG_ID, clock, ids, bodyKey: KEY, checkpointKey })
  const subject = { object: 'Lead', id: recordId18('00Q00000000Mari') ?? '' }
  const [first, second, running] = [someRun({ status: 'done', subject }), someRun({ status: 'done' }), someRun()]
  first.trigger.idempotencyKey = PLANTED
  for (const run of [first, second, running]) {
    await store.transaction((tx) => tx.insertRun(run))
    const entry = { runId: run.id, phase: 'trigger' as const, key: 'lead', requestHash: 'a'.repeat(64) }
    await store.transaction((tx) => tx.appendJournal({ ...entry, n: 1, answer: { Id: run.subject?.id } }))
  }
  await store.checkpoint()
  const { rows } = await pool.query('select wrapped from missions.run_key where run_id = $1', [first.id])
  await store.close()
  return { first, second, running, wrapped: String(rows[0].wrapped) }
}

function filledFolder() {
  cpSync(template, folder, { recursive: true })
  return made
}

const filesWith = (text: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text))

it('leaves neither the key nor the words of the run in any file of the data folder, and the audit adds up', async () => {
  const { first, wrapped } = filledFolder()
  for (const text of [wrapped, PLANTED]) expect(filesWith(text)).not.toEqual([])
  const { code, lines } = await erase([
    ...['--record', first.subject?.id ?? '', '--reason', 'Her request of May 3'],
    ...['--data-dir', folder],
  ])
  expect([code, lines[0]]).toEqual([0, expect.stringContaining('Contents of 1 run erased')])
  for (const text of [wrapped, PLANTED]) expect(filesWith(text)).toEqual([])
  const audited = await audit(['--data-dir', folder])
  expect([audited.code, audited.lines[0]]).toEqual([
    0,
    '3 runs, 4 journal entries, contents of 1 run erased: everything adds up',
  ])
  expect(audited.text).toContain('2 checkpoints up to')
}, 60_000)

it('says which runs it would erase, and erases none of them, with --dry-run', async () => {
  const { first } = filledFolder()
  const about = ['--record', first.subject?.id ?? '', '--reason', 'Her request', '--data-dir', folder]
  const { code, lines } = await erase([...about, '--dry-run'])
  expect([code, ...lines]).toEqual([
    0,
    expect.stringContaining(`run ${first.id}`),
    '1 run would be erased. Nothing was',
  ])
  expect((await erase(about)).code).toBe(0)
  expect((await erase(about)).text).toContain('No run that still holds something about this record')
}, 60_000)

it.each([
  ['nothing to erase', ['--reason', 'why not'], 'Name a record, a run or a day'],
  ['two things to erase', ['--run', 'a', '--before', '2026-01-01', '--reason', 'why not'], 'only one of them'],
  ['no reason', ['--run', 'a'], 'Say why'],
  ['an id that is none', ['--record', 'Maria', '--reason', 'why not'], 'not a Salesforce record id'],
  ['a day that is none', ['--before', 'May', '--reason', 'why not'], 'not a day'],
  ['an option it does not know', ['--all'], 'Usage:'],
])('refuses %s', async (_title, argv, text) => {
  const refused = await erase([...argv, '--data-dir', folder])
  expect([refused.code, refused.text]).toEqual([2, expect.stringContaining(text)])
})

it('refuses while a living process holds the folder, and names the other way', async () => {
  filledFolder()
  const unlock = lockFolder(folder)
  const { code, text } = await erase(['--before', '2100-01-01', '--reason', 'why not', '--data-dir', folder])
  unlock()
  expect([code, text]).toEqual([2, expect.stringMatching(/in use by process .*POST \/api\/v1\/erasures/)])
})

it('erases in PostgreSQL what ended before a day, nothing that is at work, and lists who did it', async ({ skip }) => {
  if (!server) skip()
  const url = await server!.database('erase_before')
  const pool = storePool(url, () => {})
  const { first, running, wrapped } = await filled(pool)
  const keys = ['--body-key-file', join(folder, 'keys', 'body.key')]
  const signing = ['--checkpoint-key-file', join(folder, 'keys', 'checkpoint.pem')]
  const env = { DATABASE_URL: url, DATA_DIR: join(folder, 'none') }
  const before = ['--before', '2100-01-01', '--reason', 'Older than we keep', ...keys, ...signing]
  expect((await erase(before, env)).lines[0]).toContain('Contents of 2 runs erased')
  const busy = await erase(['--run', running.id, '--reason', 'why not', ...keys, ...signing], env)
  expect([busy.code, busy.text]).toEqual([1, expect.stringContaining(`un ${running.id} is at work`)])
  const { rows } = await pool.query('select by_kind, by_name, reason from missions.erasure')
  expect(rows).toEqual([{ by_kind: 'command', by_name: 'operator', reason: 'Older than we keep' }])
  const pages = await pool.query(`select * from missions.run_key where wrapped = $1`, [wrapped])
  expect(pages.rows).toEqual([])
  const checked = [...keys, '--checkpoint-key-file', join(folder, 'keys', 'checkpoint.pub.pem')]
  expect(await audit(checked, env)).toMatchObject({ code: 0 })
  await pool.query(`update missions.erasure set reason = 'No reason'`)
  expect((await audit(checked, env)).lines[0]).toMatch(new RegExp(`^run ${first.id}: its erasure .* was changed$`))
  await pool.query(`delete from missions.erasure`)
  expect((await audit(checked, env)).lines[0]).toMatch(/its erasure .* is missing from the list$/)
  await pool.end()
})
