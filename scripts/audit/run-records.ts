import type { KeyObject } from 'node:crypto'
import { asc, and, eq } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { answerHashOf, requestHashOf, type KeptAnswer } from '../../server/brain/adapters/postgres/tables/read-runs.ts'
import type { RowState } from '../../server/brain/adapters/postgres/session/ledger.ts'
import { placeOf } from '../../server/brain/adapters/postgres/session/places.ts'
import { body, changeSetVersion, journalEntry, runKey } from '../../server/brain/adapters/postgres/session/schema.ts'
import { createSeals } from '../../server/brain/adapters/postgres/session/run-encryption.ts'
import { sha256Of } from '../../server/contract/values/canonical.ts'
import { digestOf, type Leaf } from '../../server/contract/seal.ts'
import { checkAnswers } from './answers.ts'
import { checkChain, checkPhases, type AuditFinding } from './chain.ts'
import { checkErasure } from './erasures.ts'
import { checkLedger } from './ledger.ts'

export interface RunToCheck {
  orgId: string
  runId: string
  /** Null when the run's row is missing and only traces of it are left. */
  phase: string | null
}

interface CheckedRun {
  entries: number
  /** The run was erased: its key and contents are gone on purpose, its chain stays. */
  erased: boolean
  /** What its ledger has of the mission it started under; null for a run from before the ledger. */
  mission: RowState['is'] | null
  /** What its ledger has of the models it asked. */
  models: RowState[]
  findings: AuditFinding[]
}

interface Reading {
  db: Db
  bodyKey: Buffer | null
  /** The org's public keys: without them, signatures of answers are not checked. */
  orgKeys: readonly KeyObject[]
}

/** Checks the records of one run: chain, phases, and, with the body key, every answer and change set against the chain. */
export async function checkRun(
  { db, bodyKey, orgKeys }: Reading,
  { orgId, runId, phase }: RunToCheck,
): Promise<CheckedRun> {
  const ofRun = and(eq(journalEntry.orgId, orgId), eq(journalEntry.runId, runId))
  const entries = await db.select().from(journalEntry).where(ofRun).orderBy(asc(journalEntry.n))
  const findings = [
    ...(phase === null ? [{ runId, n: null, what: 'has a journal, but the run itself is missing' }] : []),
    ...checkChain(runId, entries),
    ...(phase === null ? [] : checkPhases(runId, phase, entries)),
  ]
  const keys = await db
    .select()
    .from(runKey)
    .where(and(eq(runKey.orgId, orgId), eq(runKey.runId, runId)))
  const erased = keys.length === 0
  findings.push(...(await checkErasure(db, { orgId, runId }, { entries, hasKey: !erased })))
  const ledger = await checkLedger(db, orgId, runId, erased)
  findings.push(...ledger.findings)
  const mission = ledger.states.get('mission') ?? null
  const models = [...ledger.states].flatMap(([row, is]) => (row.startsWith('model release ') ? [{ row, is }] : []))
  if (erased) return { entries: entries.length, erased, mission, models, findings }
  const bodies = await bodiesOf(db, orgId, runId, bodyKey)
  for (const { n, requestHash, answerHash } of entries) {
    const isRight = (value: unknown) => {
      const kept = value as KeptAnswer
      const asked = kept.request === undefined || requestHashOf(kept) === requestHash
      return asked && answerHashOf(kept) === answerHash
    }
    const what = wrongBody(bodies.get(answerHash), isRight)
    if (what) findings.push({ runId, n, what: `answer ${what}` })
  }
  if (bodyKey) {
    findings.push(...(await checkAnswers({ db, cipher: createSeals(orgId, bodyKey), orgKeys }, orgId, runId)))
  }
  return {
    entries: entries.length,
    erased,
    mission,
    models,
    findings: [...findings, ...(await checkChangeSets(db, orgId, runId, bodies))],
  }
}

/** `unread` without a key; `unreadable` when the content was changed or the key is a different one. */
type Opened = { value: unknown } | 'unread' | 'unreadable'

async function bodiesOf(db: Db, orgId: string, runId: string, bodyKey: Buffer | null): Promise<Map<string, Opened>> {
  const rows = await db
    .select()
    .from(body)
    .where(and(eq(body.orgId, orgId), eq(body.runId, runId)))
  if (!bodyKey) return new Map(rows.map(({ hash }) => [hash, 'unread']))
  const seals = createSeals(orgId, bodyKey)
  const opened = new Map<string, Opened>()
  for (const { hash, sealed } of rows) {
    const value = await seals.open(db, placeOf.body({ hash, runId }), sealed).then(
      (value): Opened => ({ value }),
      (): Opened => 'unreadable',
    )
    opened.set(hash, value)
  }
  return opened
}

function wrongBody(opened: Opened | undefined, isRight: (value: unknown) => boolean): string | null {
  if (opened === undefined) return 'is missing'
  if (opened === 'unread') return null
  if (opened === 'unreadable') return 'cannot be opened: it was changed, or the body key is another'
  return isRight(opened.value) ? null : 'was changed'
}

async function checkChangeSets(
  db: Db,
  orgId: string,
  runId: string,
  bodies: ReadonlyMap<string, Opened>,
): Promise<AuditFinding[]> {
  const versions = await db
    .select()
    .from(changeSetVersion)
    .where(and(eq(changeSetVersion.orgId, orgId), eq(changeSetVersion.runId, runId)))
  return versions.flatMap(({ decisionId, version, digest, bodyHash }) => {
    const isRight = (value: unknown) =>
      sha256Of(value) === bodyHash && digestOf((value as { leaves: Leaf[] }).leaves) === digest
    const what = wrongBody(bodies.get(bodyHash), isRight)
    return what ? [{ runId, n: null, what: `change set of decision ${decisionId} v${version} ${what}` }] : []
  })
}
