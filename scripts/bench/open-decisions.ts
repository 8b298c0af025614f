// Measures lists, filters and one decision with many open decisions on PostgreSQL, beside the same with few; prints JSON.
import { createPrivateKey } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../server/brain/adapters/clock.ts'
import { sortableIds } from '../../server/brain/adapters/ids.ts'
import { storePool } from '../../server/brain/adapters/postgres/session/pools.ts'
import { openStore } from '../../server/brain/adapters/postgres/store.ts'
import type { ChangeSetVersion, Decision } from '../../server/brain/domain/decision.ts'
import type { DecisionSummary } from '../../server/contract/http.ts'
import type { Run } from '../../server/brain/domain/run.ts'
import type { Store } from '../../server/brain/ports/store.ts'
import { hexKeyOf } from '../../server/settings/key-text.ts'
import type { Person } from '../../test/support/person.ts'
import { startPostgres } from '../../test/support/postgres.ts'
import { freeOptions, startStack, type Stack } from '../../test/support/stack.ts'
import { followStream } from '../../test/support/stream.ts'
import { benchSettings } from './settings.ts'
import { createPairs, proposeMany } from './job.ts'
import { origin, residentMemory } from './machine.ts'
import { precise } from './summary.ts'

const PAIRS = 20
/** All kinds together stay below the requests a user may make in a minute. */
const ASKED = 60
const WARM_UP = 10
const PER_TRANSACTION = 100
/** Transactions that fill the database at one time. */
const AT_ONCE = 6

type Kept = { run: Run; decision: Decision; changeSet: ChangeSetVersion }

/** A copy with ids of its own, about the same records; one mission each, since a mission has one open run per record. */
function copyOf({ run, decision, changeSet }: Kept, n: number, next: () => string): Kept {
  const [runId, id] = [next(), next()]
  const mission = `copy-${n}`
  const trigger = { ...run.trigger, idempotencyKey: runId }
  return {
    run: { ...run, id: runId, mission, decisionId: id, trigger },
    decision: { ...decision, id, runId, mission },
    changeSet: { ...changeSet, decisionId: id },
  }
}

async function openDecisionsOf(store: Store): Promise<Kept[]> {
  const kept: Kept[] = []
  for (const decision of await store.decisions({ status: 'open', limit: PAIRS })) {
    const run = await store.run(decision.runId)
    const changeSet = await store.changeSet(decision.id, decision.version)
    if (run && changeSet) kept.push({ run, decision, changeSet })
  }
  return kept
}

/** Fills the database of a stopped brain with copies of its open decisions until there are `wanted`. */
async function fill(databaseUrl: string, dataDir: string, wanted: number): Promise<void> {
  const pool = storePool(databaseUrl, (error) => console.error(error))
  const key = (file: string) => readFileSync(join(dataDir, 'keys', file), 'utf8')
  const { rows } = await pool.query<{ org_id: string }>('select org_id from missions.run limit 1')
  const ids = sortableIds(systemClock)
  const store = await openStore({
    pool,
    orgId: rows[0]!.org_id,
    clock: systemClock,
    ids,
    bodyKey: hexKeyOf(key('body.key'))!,
    checkpointKey: createPrivateKey(key('checkpoint.pem')),
  })
  const models = await openDecisionsOf(store)
  const from = models.length
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, lane) => {
      for (let start = from + lane * PER_TRANSACTION; start < wanted; start += AT_ONCE * PER_TRANSACTION) {
        await store.transaction(async (tx) => {
          for (let n = start; n < Math.min(start + PER_TRANSACTION, wanted); n += 1) {
            const { run, decision, changeSet } = copyOf(models[n % models.length]!, n, ids.next)
            await tx.insertRun(run)
            await tx.insertDecision(decision, changeSet)
          }
        })
      }
    }),
  )
  await pool.query('analyze')
  await store.close()
  await pool.end()
}

async function timesOf(person: Person, paths: readonly string[], asked: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < asked; n += 1) {
    const start = performance.now()
    await person.get(paths[n % paths.length]!)
    times.push(performance.now() - start)
  }
  return times
}

async function measure(stack: Stack) {
  const admin = await stack.as('admin')
  const { items } = await admin.get<{ items: DecisionSummary[] }>('/decisions?status=open&limit=100')
  const asked = {
    listOf50: ['/decisions?status=open&limit=50'],
    listOf100: ['/decisions?status=open&limit=100'],
    byRisk: ['low', 'medium', 'high'].map((risk) => `/decisions?status=open&risk=${risk}&limit=50`),
    byRecord: items.map(({ subject }) => `/decisions?status=open&record=${subject.id}&limit=50`),
    byMission: items.map(({ mission }) => `/decisions?mission=${mission}&limit=50`),
    openOne: items.map(({ id }) => `/decisions/${id}`),
    runsOf50: ['/runs?limit=50'],
  }
  const milliseconds: Record<string, ReturnType<typeof precise>> = {}
  for (const [name, paths] of Object.entries(asked)) {
    await timesOf(admin, paths, WARM_UP)
    milliseconds[name] = precise(await timesOf(admin, paths, ASKED))
  }
  const [, brainPid] = stack.practice.pids() as [number, number]
  return { milliseconds, brainMiB: residentMemory(brainPid) }
}

const { BENCH_DECISIONS } = benchSettings()
const server = await startPostgres()
if (!server) throw new Error('this needs a PostgreSQL server')
const databaseUrl = await server.database('decisions')
const options = await freeOptions({ databaseUrl, size: 60 })
try {
  const measured: Record<string, unknown> = {}
  {
    await using stack = await startStack(options)
    const admin = await stack.as('admin')
    await using stream = await followStream(stack.brainUrl, admin)
    await proposeMany({ admin, stream }, await createPairs(admin, PAIRS, 'Many'), 4)
  }
  for (const wanted of [100, BENCH_DECISIONS]) {
    const start = performance.now()
    await fill(databaseUrl, options.dataDir, wanted)
    console.error(`${wanted} open decisions after ${Math.round((performance.now() - start) / 1000)} s`)
    await using stack = await startStack(options)
    measured[String(wanted)] = await measure(stack)
  }
  console.log(JSON.stringify({ ...origin(), openDecisions: measured }, null, 2))
} finally {
  await server.stop()
  rmSync(options.dataDir, { recursive: true, force: true })
}
