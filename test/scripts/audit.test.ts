import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditCommand } from '../../scripts/audit/command.ts'
import { lockFolder } from '../../server/data-folder/lock.ts'
import { openEmbedded } from '../../server/brain/adapters/pglite/open.ts'
import { storePool } from '../../server/brain/adapters/postgres/session/pools.ts'
import { openStore } from '../../server/brain/adapters/postgres/store.ts'
import type { Pool } from '../../server/brain/adapters/postgres/session/pools.ts'
import { checkpointKey, checkpointPublicKey, clock, ids, ORG_ID } from '../brain/store/databases.ts'
import { someRun } from '../brain/store/fixtures.ts'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'

const KEY = Buffer.alloc(32, 7)
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'missions-audit-'))
  mkdirSync(join(folder, 'keys'))
  writeFileSync(join(folder, 'keys', 'body.key'), KEY.toString('hex'))
  writeFileSync(join(folder, 'checkpoint.pub.pem'), checkpointPublicKey.export({ type: 'spki', format: 'pem' }))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function audit(argv: readonly string[], env: Record<string, string> = {}) {
  const lines: string[] = []
  const code = await auditCommand(argv, env, (line) => lines.push(line))
  return { code, lines, text: lines.join('\n') }
}

/** Two runs with three entries each, in their phase `read`; a checkpoint was taken before and after the third entry. */
async function twoRuns(pool: Pool): Promise<{ runs: [string, string]; anchors: string[] }> {
  const store = await openStore({ pool, orgId: ORG_ID, clock, ids, bodyKey: KEY, checkpointKey })
  const runs = [someRun({ phase: 'read' }), someRun({ phase: 'read' })] as const
  for (const run of runs) {
    await store.transaction((tx) => tx.insertRun(run))
    const entry = { runId: run.id, phase: 'trigger' as const, requestHash: 'a'.repeat(64) }
    await store.transaction((tx) => tx.appendJournal({ ...entry, n: 1, key: 'lead', answer: { name: 'Acme' } }))
    await store.transaction((tx) => tx.appendJournal({ ...entry, n: 2, key: 'result', answer: { ok: true } }))
  }
  const anchors = [await store.checkpoint()]
  for (const { id: runId } of runs) {
    const entry = { runId, phase: 'read' as const, key: 'more', requestHash: 'a'.repeat(64), n: 3, answer: [1, 2] }
    await store.transaction((tx) => tx.appendJournal(entry))
  }
  anchors.push(await store.checkpoint())
  await store.close()
  return { runs: [runs[0].id, runs[1].id], anchors: anchors.filter((anchor) => anchor !== null) }
}

describe('npm run audit on a data folder', () => {
  async function filled(): Promise<void> {
    const { pool, close } = await openEmbedded({ dataDir: folder, orgId: ORG_ID })
    await twoRuns(pool)
    await close()
  }

  it('finds that everything adds up, and says what it cannot find', async () => {
    await filled()
    const { code, lines } = await audit(['--data-dir', folder])
    expect(code).toBe(0)
    expect(lines[0]).toBe('2 runs, 6 journal entries: everything adds up')
    expect(lines[1]).toContain('Checkpoints were not checked')
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
    const { runs, anchors } = await twoRuns(pool)
    const [first, second] = runs
    writeFileSync(
      join(folder, 'anchors.csv'),
      ['"Anchor__c"', ...anchors.map((anchor) => `"${anchor}"`), ''].join('\n'),
    )
    if (statement) await pool.query(statement.replaceAll('$1', `'${first}'`).replaceAll('$2', `'${second}'`))
    await pool.end()
    return { first, second, anchors, ...(await audit(argv, { DATABASE_URL: url, DATA_DIR: join(folder, 'none') })) }
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
      'answer cannot be opened: it was changed',
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

  it('reports a key that is gone although no erasure tells of it', async ({ skip }) => {
    if (!server) skip()
    const { code, lines, first } = await spoiled(`delete from missions.run_key where run_id = $1`)
    expect(code).toBe(1)
    expect(lines[0]).toBe(`run ${first}: its key is gone, but no erasure tells of it`)
  })

  describe('with the key of the checkpoints and the anchors of the org', () => {
    const KEYS = () => ['--checkpoint-key-file', join(folder, 'checkpoint.pub.pem')]
    const ANCHORS = () => ['--anchors', join(folder, 'anchors.csv')]
    const wipe = (table: string, of = 'run_id = $1') => `delete from missions.${table} where ${of};`
    const LAST_ENTRIES = 'n = 3'

    it('finds that everything adds up, and says up to when', async ({ skip }) => {
      if (!server) skip()
      const { code, text } = await spoiled('', [...KEYS(), ...ANCHORS()])
      expect(code).toBe(0)
      expect(text).toMatch(/2 checkpoints up to 20.*2 anchors of the org compared/)
    })

    it('reports a run that was deleted whole', async ({ skip }) => {
      if (!server) skip()
      const statement = ['run', 'run_key', 'body', 'journal_entry', 'ledger_entry', 'ledger_head'].map((table) =>
        wipe(table, table === 'run' ? 'id = $1' : 'run_id = $1'),
      )
      const { code, lines, first } = await spoiled(statement.join(''), KEYS())
      expect(code).toBe(1)
      expect(lines[0]).toBe(`run ${first}: is lost, checkpoint 2 was signed over 3 entries of it`)
    })

    it('reports the lost end of a run', async ({ skip }) => {
      if (!server) skip()
      const { code, lines, first } = await spoiled(wipe('journal_entry', `run_id = $1 and ${LAST_ENTRIES}`), KEYS())
      expect(code).toBe(1)
      expect(lines[0]).toBe(`run ${first}: journal entry 3 was deleted: its ledger has it`)
      expect(lines[1]).toBe(
        `run ${first}: has lost its end after entry 2, checkpoint 2 was signed over 3 entries of it`,
      )
    })

    it('reports an end that was lost together with its checkpoint, by the anchor in the org', async ({ skip }) => {
      if (!server) skip()
      const statement = [
        wipe('journal_entry', LAST_ENTRIES),
        wipe('ledger_entry', 'n = 4'),
        `update missions.ledger_head h set (n, chain) =
          (select n, chain from missions.ledger_entry e where e.run_id = h.run_id and e.n = 3);`,
        wipe('checkpoint', 'n = 2'),
        wipe('checkpoint_head', 'n = 2'),
      ]
      const blind = await spoiled(statement.join(''), KEYS())
      expect(blind.code).toBe(0)
      const { code, lines, anchors } = await spoiled(statement.join(''), [...KEYS(), ...ANCHORS()])
      expect(code).toBe(1)
      expect(lines[0]).toBe(`anchor ${anchors[1]}: the org holds it, but no checkpoint here has this hash`)
    })

    it.each([
      ['a checkpoint that is missing', wipe('checkpoint', 'n = 1'), 'checkpoint 1: is missing'],
      ['one that was changed', `update missions.checkpoint set at = '' where n = 2`, 'checkpoint 2: was changed'],
      [
        'one whose heads were exchanged',
        wipe('checkpoint_head', 'n = 2 and run_id = $1'),
        'checkpoint 2: is not made of the heads kept with it',
      ],
      [
        'one that another key signed',
        `update missions.checkpoint set signature = (select signature from missions.checkpoint where n = 1) where n = 2`,
        'checkpoint 2: is not signed with the key it names',
      ],
    ])('reports %s', async (_, statement, finding) => {
      if (!server) return
      const { code, lines } = await spoiled(statement, KEYS())
      expect(code).toBe(1)
      expect(lines[0]).toBe(finding)
    })

    it('follows a key that was replaced, and reports one that comes back', async ({ skip }) => {
      if (!server) skip()
      const keys = {
        old: { privateKey: checkpointKey, publicKey: checkpointPublicKey },
        next: generateKeyPairSync('ed25519'),
      }
      const url = await server!.database('rotation')
      const pool = storePool(url, () => {})
      const signWith = async (name: keyof typeof keys) => {
        const about = { pool, orgId: ORG_ID, clock, ids, bodyKey: KEY }
        const store = await openStore({ ...about, checkpointKey: keys[name].privateKey })
        await store.transaction((tx) => tx.insertRun(someRun()))
        await store.checkpoint()
        await store.close()
      }
      const files = (['old', 'next'] as const).map((name) => {
        const file = join(folder, `${name}.pem`)
        writeFileSync(file, keys[name].publicKey.export({ type: 'spki', format: 'pem' }))
        return file
      })
      const audited = (some: readonly string[]) =>
        audit(
          some.flatMap((file) => ['--checkpoint-key-file', file]),
          { DATABASE_URL: url, DATA_DIR: join(folder, 'none') },
        )
      await signWith('old')
      await signWith('next')
      expect((await audited(files)).lines[0]).toBe('2 runs, 0 journal entries: everything adds up')
      const alone = await audited(files.slice(1))
      expect(alone.lines[0]).toMatch(/^checkpoint 1: is signed with a key that was not given, [0-9a-f]{64}$/)
      await signWith('old')
      const { code, lines } = await audited(files)
      await pool.end()
      expect([code, lines[0]]).toEqual([1, 'checkpoint 3: is signed with a key that was replaced before'])
    })

    it('refuses anchors that are none, and anchors without a key', async ({ skip }) => {
      if (!server) skip()
      writeFileSync(join(folder, 'wrong.csv'), 'Anchor__c\nyes')
      const wrong = await spoiled('', [...KEYS(), '--anchors', join(folder, 'wrong.csv')])
      expect(wrong.text).toContain('has a line that is no anchor: yes')
      const keyless = await spoiled('', ANCHORS())
      expect([keyless.code, keyless.text]).toEqual([2, expect.stringContaining('--checkpoint-key-file')])
    })
  })
})
