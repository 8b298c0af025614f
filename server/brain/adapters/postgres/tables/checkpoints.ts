import { sign, type KeyObject } from 'node:crypto'
import { desc, eq, sql } from 'drizzle-orm'
import {
  checkpointHash,
  checkpointKeyName,
  merkleRoot,
  type ChainHead,
  type Checkpoint,
} from '../../../../contract/checkpoint.ts'
import { isAfter, isSafe, START } from '../session/cursor.ts'
import { checkpoint, checkpointHead, journalEntry, ledgerEntry } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

/** Most entries of one checkpoint; the rest goes into the next. */
const BATCH = 20_000

interface Taken {
  /** Hash of the newest checkpoint; null when there is none. */
  hash: string | null
  isFull: boolean
}

/**
 * Signs the heads of all chains that grew since the last checkpoint. When another process signs the same number first, its
 * checkpoint counts and this one is dropped.
 */
export async function takeCheckpoint(scope: OrgSession, key: KeyObject): Promise<Taken> {
  const last = await newest(scope)
  const { heads, position, isFull } = await grownSince(scope, last?.position ?? START)
  if (heads.length === 0) return { hash: last?.hash ?? null, isFull: false }
  const signed: Checkpoint = {
    orgId: scope.orgId,
    n: (last?.n ?? 0) + 1,
    at: scope.clock.now(),
    previous: last?.hash ?? null,
    heads: heads.length,
    root: merkleRoot(heads),
    key: checkpointKeyName(key),
  }
  const hash = checkpointHash(signed)
  const signature = sign(null, Buffer.from(hash, 'hex'), key).toString('base64')
  const row = { ...signed, hash, signature, position }
  const inserted = await scope.db().insert(checkpoint).values(row).onConflictDoNothing().returning()
  if (inserted.length === 0) return { hash: (await newest(scope))?.hash ?? null, isFull }
  for (const some of chunks(heads)) {
    await scope
      .db()
      .insert(checkpointHead)
      .values(some.map((head) => ({ ...head, orgId: scope.orgId, n: signed.n })))
  }
  return { hash, isFull }
}

async function newest(scope: OrgSession) {
  const ofOrg = eq(checkpoint.orgId, scope.orgId)
  const [row] = await scope.db().select().from(checkpoint).where(ofOrg).orderBy(desc(checkpoint.n)).limit(1)
  return row
}

type Grown = Pick<ChainHead, 'kind' | 'runId' | 'chain'> & { n: number; cursor: string }

/** New entries of both chains, in one statement: two would read two snapshots, and the position would skip a row between them. */
async function grownSince(scope: OrgSession, position: string) {
  const since = (kind: ChainHead['kind'], table: typeof journalEntry | typeof ledgerEntry) => sql`
    select ${kind}::text as kind, run_id, n, chain, xid, seq from ${table}
    where ${table.orgId} = ${scope.orgId} and ${isSafe(table)} and ${isAfter(table, position)}`
  const { rows } = await scope.db().execute<Grown & Record<string, unknown>>(sql`
    select kind, run_id as "runId", n, chain, xid::text || '.' || seq::text as cursor
    from (${since('journal', journalEntry)} union all ${since('ledger', ledgerEntry)}) as grown
    order by xid, seq limit ${BATCH}`)
  const heads = new Map<string, ChainHead>()
  for (const { kind, runId, n, chain } of rows) {
    const name = `${kind} ${runId}`
    if (n > (heads.get(name)?.entries ?? 0)) heads.set(name, { kind, runId, entries: n, chain })
  }
  return { heads: [...heads.values()], position: rows.at(-1)?.cursor ?? position, isFull: rows.length === BATCH }
}

/** Rows per statement: a statement takes at most 65,535 parameters. */
function* chunks(heads: readonly ChainHead[]): Generator<ChainHead[]> {
  for (let at = 0; at < heads.length; at += 5_000) yield heads.slice(at, at + 5_000)
}
