// The brain's store in PostgreSQL: runs, journal, decisions, missions, and the event stream.
import type { KeyObject } from 'node:crypto'
import type { Pool } from 'pg'
import type { Clock, Ids } from '../../ports/clock.ts'
import type { Reads, Store, Tx } from '../../ports/store.ts'
import { takeCheckpoint } from './tables/checkpoints.ts'
import { openDatabase, type Db } from './session/database.ts'
import { clearDeadRows } from './dead-rows.ts'
import { readChangeTries, writeChangeTries } from './tables/change-tries.ts'
import { readDeletions, writeDeletions } from './tables/deleted-records.ts'
import { findErasable, readErasures, writeErasures } from './tables/erasures.ts'
import { Ledger } from './session/ledger.ts'
import { readEvidence } from './tables/evidence.ts'
import { readFigures } from './tables/oversight/figures.ts'
import { inputCounts } from './tables/oversight/input-counts.ts'
import { readMarks, writeMarks } from './tables/oversight/marks.ts'
import { leases } from './tables/leases.ts'
import { appendToLedgers } from './tables/ledgers.ts'
import { migrate } from './migrate.ts'
import { readUsage, writeModelCalls } from './tables/model-calls.ts'
import { readModelReleases, writeModelReleases } from './tables/model-releases.ts'
import { outboxOf } from './tables/outbox.ts'
import { readDecisions } from './tables/read-decisions.ts'
import { readDocuments, readMissions } from './tables/read-missions.ts'
import { readRuns } from './tables/read-runs.ts'
import { takeInRestored } from './tables/restored-positions.ts'
import { createSeals } from './session/run-encryption.ts'
import type { OrgSession } from './session/org-session.ts'
import { stream } from './tables/stream.ts'
import { readSwitch, writeSwitch } from './tables/switch-changes.ts'
import { unfinished } from './tables/due-work.ts'
import { voidings } from './tables/voidings.ts'
import { openWake } from './session/wake.ts'
import { writeDecisions } from './tables/write-decisions.ts'
import { writeMissions } from './tables/write-missions.ts'
import { writeRuns } from './tables/write-runs.ts'

interface StoreOptions {
  /** PostgreSQL 15 or later, or the embedded database. The caller owns it: `close` does not end it. */
  pool: Pool
  orgId: string
  clock: Clock
  ids: Ids
  /** 32 bytes that wrap the runs' keys. */
  bodyKey: Buffer
  /** Ed25519 private key that signs checkpoints. */
  checkpointKey: KeyObject
  /** True for the embedded database, whose files this process alone uses. */
  isEmbedded?: boolean
}

const reads = (scope: OrgSession): Reads => ({
  ...readRuns(scope),
  ...readDecisions(scope),
  ...readMissions(scope),
  ...readDocuments(scope),
  ...readSwitch(scope),
  ...readMarks(scope),
  ...readErasures(scope),
  ...readEvidence(scope),
  ...readModelReleases(scope),
})

const toNobody: OrgSession['tell'] = () => {
  throw new TypeError('news is told by transactions only')
}

/** Reads one org of a database that another process may be writing: nothing is migrated. */
export function openReads(
  pool: Pool,
  { orgId, bodyKey, clock, ids }: Omit<StoreOptions, 'pool' | 'checkpointKey'>,
): Reads {
  const database = openDatabase(pool)
  const seals = createSeals(orgId, bodyKey)
  const session = { orgId, seals, clock, ids, db: () => database.read(), tell: toNobody }
  return reads({ ...session, locked: new Map(), ledger: new Ledger() })
}

/** Migrates, then opens. Throws NewerSchema when the database belongs to a newer release. */
export async function openStore({ pool, checkpointKey, isEmbedded = false, ...about }: StoreOptions): Promise<Store> {
  await migrate(pool)
  await takeInRestored(pool, about.orgId)
  const database = openDatabase(pool)
  const { orgId, clock, ids } = about
  const seals = createSeals(orgId, about.bodyKey)
  const scopeOf = (db: () => Db, tell: OrgSession['tell'] = toNobody): OrgSession => ({
    orgId,
    seals,
    clock,
    ids,
    db,
    tell,
    locked: new Map(),
    ledger: new Ledger(),
  })
  const outside = scopeOf(() => database.read())
  const wake = openWake(pool, () => seals.forgetKeys())

  return {
    ...reads(outside),
    ...leases(outside),
    ...stream(outside),
    ...outboxOf(outside),
    ...unfinished(outside),
    ...voidings(outside),
    ...readFigures(outside),
    ...readUsage(outside),
    ...inputCounts(outside),
    ...findErasable(outside),
    ...readDeletions(outside),
    ...readChangeTries(outside),
    clearDeadRows: () => clearDeadRows(pool, isEmbedded),
    async transaction(work) {
      let hasErased = false
      const result = await database.transaction(async (db, tell) => {
        const scope = scopeOf(() => db, tell)
        const writes = {
          ...writeRuns(scope),
          ...writeDecisions(scope),
          ...writeMissions(scope),
          ...writeSwitch(scope),
          ...writeModelCalls(scope),
          ...writeModelReleases(scope),
          ...writeMarks(scope),
          ...writeChangeTries(scope),
          ...writeDeletions(scope),
        }
        const tx: Tx = { ...reads(scope), ...writes, ...writeErasures(scope, () => (hasErased = true)) }
        const done = await work(tx)
        await appendToLedgers(scope)
        return done
      })
      if (hasErased) seals.forgetKeys()
      return result
    },
    async checkpoint() {
      for (;;) {
        const taken = await database.transaction((db, tell) =>
          takeCheckpoint(
            scopeOf(() => db, tell),
            checkpointKey,
          ),
        )
        if (!taken.isFull) return taken.hash
      }
    },
    onWake: (listener) => wake.onWake(listener),
    close() {
      wake.close()
      return Promise.resolve()
    },
  }
}
