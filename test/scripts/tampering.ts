// A PostgreSQL database with four runs that went through decisions, and copies of it for an attacker to change.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditCommand } from '../../scripts/audit/command.ts'
import { eraseRun } from '../../server/brain/erasure/erase-runs.ts'
import { ledgerLink, type SaltedState } from '../../server/brain/adapters/postgres/session/ledger.ts'
import { storePool, type Pool } from '../../server/brain/adapters/postgres/session/pools.ts'
import { canonical, sha256 } from '../../server/contract/values/canonical.ts'
import { definitionHash } from '../../server/brain/domain/intact.ts'
import type { MissionVersion } from '../../server/brain/domain/mission.ts'
import { lockSwitch, throwSwitch } from '../../server/brain/runs/switch/throw-switch.ts'
import { grantHash } from '../../server/contract/grant.ts'
import { answerIn } from '../brain/decisions/answering.ts'
import { HOLD_SECONDS, openWorld, SETTLE_SECONDS, type World } from '../brain/decisions/world.ts'
import { someMission } from '../brain/store/fixtures.ts'
import type { PostgresServer } from '../support/postgres.ts'

/** The runs of the database by what became of them. */
export interface Runs {
  verified: string
  rejected: string
  /** Approved, taken back, and waiting again. */
  takenBack: string
  erased: string
}

export interface Target {
  runs: Runs
  folder: string
  /** What `npm run audit` reports of a copy after the attack; `backup`: of a copy that was made after the first run. */
  audited(attack: Attack, options?: { of?: 'newest' | 'backup'; anchors?: boolean }): Promise<Audited>
  /** Writes the evidence pack of a run to a file. */
  pack(runId: string, out: string): Promise<Audited>
  close(): void
}

export interface Audited {
  code: number
  lines: string[]
}

export type Attack = (pool: Pool, runs: Runs) => Promise<unknown>

let copies = 0

export async function openTarget(server: PostgresServer): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'missions-tampering-'))
  const [bodyKey, checkpointKeys] = [randomBytes(32), generateKeyPairSync('ed25519')]
  const url = await server.database('target')
  const pool = storePool(url, () => {})
  const database = { pool, close: () => pool.end() }
  const { world, close } = await openWorld({ database, bodyKey, checkpointKey: checkpointKeys.privateKey })
  await withDocument(world)
  await withSwitch(world)
  const verified = await written(world)
  const anchors = [await world.store.checkpoint()]
  await copyOf(server, url, 'backup')
  const runs = {
    verified,
    rejected: await rejected(world),
    erased: await erased(world),
    takenBack: await takenBack(world),
  }
  anchors.push(await world.store.checkpoint())
  const file = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text)
  file('body.key', bodyKey.toString('hex'))
  file('checkpoint.pem', checkpointKeys.publicKey.export({ type: 'spki', format: 'pem' }))
  file('org.pem', world.orgKey)
  file('anchors.csv', ['Anchor__c', ...anchors].join('\n'))
  await close()
  await copyOf(server, url, 'newest')

  return {
    runs,
    folder,
    async audited(attack, { of = 'newest', anchors: withAnchors = true } = {}) {
      const copy = await copyOf(server, url.replace(/[^/]*$/, of), `copy_${(copies += 1)}`)
      const attacker = storePool(copy, () => {})
      await attack(attacker, runs)
      await attacker.end()
      const lines: string[] = []
      const files = [
        '--body-key-file',
        'body.key',
        '--checkpoint-key-file',
        'checkpoint.pem',
        '--org-key-file',
        'org.pem',
      ]
      const argv = [...files, ...(withAnchors ? ['--anchors', 'anchors.csv'] : [])]
      const at = argv.map((each) => (each.startsWith('--') ? each : join(folder, each)))
      const env = { DATABASE_URL: copy, DATA_DIR: join(folder, 'none') }
      return { code: await auditCommand(at, env, (line) => lines.push(line)), lines }
    },
    async pack(runId, out) {
      const lines: string[] = []
      const argv = ['pack', runId, '--out', out, '--body-key-file', join(folder, 'body.key')]
      const env = { DATABASE_URL: url.replace(/[^/]*$/, 'newest'), DATA_DIR: join(folder, 'none') }
      return { code: await auditCommand(argv, env, (line) => lines.push(line)), lines }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function copyOf(server: PostgresServer, url: string, name: string): Promise<string> {
  const source = url.replace(/^.*\//, '')
  const pool = storePool(server.url, () => {})
  // Sessions of the source are ended: a database in use cannot be copied.
  await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [source])
  await pool.query(`create database "${name}" template "${source}"`)
  await pool.end()
  return url.replace(/[^/]*$/, name)
}

/** A mission that pins a document. */
async function withDocument({ store }: World): Promise<void> {
  const mission = { ...someMission('tidy'), activation: null, activatedBy: null, activatedAt: null }
  await store.transaction(async (tx) => {
    const origin = { origin: 'file policy.md', writer: 'test' }
    await tx.insertKnowledge({ name: 'policy', version: 1, title: 'Policy', source: '# Policy', ...origin })
    await tx.insertMission(mission)
  })
}

/** Models stopped and started again, and the writes of a mission stopped by the brain. */
async function withSwitch({ store }: World): Promise<void> {
  const by = '005000000000001AAA'
  await store.transaction(async (tx) => {
    await lockSwitch(tx)
    await throwSwitch(tx, { by, what: 'model', isStop: true, reason: 'The model answers oddly' })
    await throwSwitch(tx, { by, what: 'model', isStop: false, reason: 'Another model' })
    await throwSwitch(tx, { by: 'brain', what: 'writes:tidy', isStop: true, reason: 'A breach' })
  })
}

async function written(world: World): Promise<string> {
  const facts = await world.propose()
  await answerIn(world)(facts, 'admin', 'approve', { comment: 'As discussed' })
  world.clock.pass(HOLD_SECONDS)
  await world.advance(facts.run.id)
  world.clock.pass(SETTLE_SECONDS)
  await world.advance(facts.run.id)
  return facts.run.id
}

async function rejected(world: World): Promise<string> {
  const facts = await world.propose()
  await answerIn(world)(facts, 'second', 'reject', { reason: 'wrong-survivor' })
  await world.advance(facts.run.id)
  return facts.run.id
}

async function erased(world: World): Promise<string> {
  const runId = await written(world)
  const by = { kind: 'command', name: 'operator' } as const
  await eraseRun(world, runId, { by, reason: 'asked for' })
  return runId
}

async function takenBack(world: World): Promise<string> {
  const facts = await world.propose()
  await answerIn(world)(facts, 'admin', 'approve')
  await answerIn(world)(await world.facts(facts.decision.id), 'admin', 'take-back')
  return facts.run.id
}

type States = SaltedState[]

/** Writes a run's ledger again with other states, every link and the head computed anew, as an attacker with the database can. */
export async function rewriteLedger(pool: Pool, runId: string, change: (states: States) => States): Promise<void> {
  const { rows } = await pool.query<{ n: number; at: string; states: string }>(
    'select n, at, states from missions.ledger_entry where run_id = $1 order by n',
    [runId],
  )
  let before: string | null = null
  for (const { n, at, states: text } of rows) {
    const states = change(JSON.parse(text) as States)
    before = ledgerLink({ before, runId, n, at, states })
    const values = [canonical(states), before, runId, n]
    await pool.query('update missions.ledger_entry set states = $1, chain = $2 where run_id = $3 and n = $4', values)
  }
  await pool.query('update missions.ledger_head set chain = $1 where run_id = $2', [before, runId])
}

/** Asks nobody for a merge: mission, grant and hashes are made to fit each other, and every run's ledger to fit them. */
export async function lowerGate(pool: Pool, runs: Runs): Promise<void> {
  const query = `select body from missions.mission_version where name like 'dup%'`
  const { rows } = await pool.query<{ body: string }>(query)
  const version = JSON.parse(rows[0]!.body) as Pick<MissionVersion, 'definition' | 'grant'>
  const gate = [{ otherwise: true as const, asks: [{ needs: 1, from: 'permission:View_Missions' }] }]
  const definition = { ...version.definition, gate }
  const parsed = definitionHash(definition)
  const grant = { ...version.grant, gate, definition: { ...version.grant.definition, parsed } }
  const [body, hash] = [canonical({ ...version, definition, grant }), grantHash(grant)]
  await pool.query('drop trigger mission_version_stays on missions.mission_version')
  const update = `update missions.mission_version set body = $1, grant_hash = $2 where name like 'dup%'`
  await pool.query(update, [body, hash])
  for (const runId of Object.values(runs)) {
    await rewriteLedger(pool, runId, (states) =>
      states.map(([row, is, salt]) => [
        row,
        row === 'mission' ? { ...is, body: sha256(body), grantHash: hash } : is,
        salt,
      ]),
    )
  }
}
