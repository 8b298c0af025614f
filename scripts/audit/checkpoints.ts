import { verify, type KeyObject } from 'node:crypto'
import { and, asc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { checkpoint, checkpointHead, journalEntry } from '../../server/brain/adapters/postgres/session/schema.ts'
import { Checkpoint, checkpointHash, merkleRoot } from '../../server/contract/checkpoint.ts'

export interface CheckedCheckpoints {
  count: number
  /** Time of the newest checkpoint; null when there is none. */
  until: string | null
  /** One line each. */
  findings: string[]
}

interface Given {
  publicKey: KeyObject
  /** Hashes that receipts in the org carry. */
  anchors: readonly string[]
}

/**
 * Compares the journals with the signed checkpoints: every checkpoint is in its place, signed with this key and made of its
 * heads; every head is still a link of its run's chain; every anchor of the org is a checkpoint of this database.
 */
export async function checkCheckpoints(db: Db, { publicKey, anchors }: Given): Promise<CheckedCheckpoints> {
  const rows = await db.select().from(checkpoint).orderBy(asc(checkpoint.orgId), asc(checkpoint.n))
  const findings: string[] = []
  let before: (typeof rows)[number] | null = null
  for (const row of rows) {
    if (before?.orgId !== row.orgId) before = null
    const expected: number = (before?.n ?? 0) + 1
    if (row.n !== expected) findings.push(`checkpoint ${expected}: is missing`)
    else findings.push(...(await wrongWith(db, row, before?.hash ?? null, publicKey)))
    before = row
  }
  const known = new Set(rows.map(({ hash }) => hash))
  const unknown = [...new Set(anchors)].filter((anchor) => !known.has(anchor))
  return {
    count: rows.length,
    until: rows.map(({ at }) => at).reduce<string | null>((last, at) => (last && last > at ? last : at), null),
    findings: [
      ...findings,
      ...unknown.map((anchor) => `anchor ${anchor}: the org holds it, but no checkpoint here has this hash`),
      ...(await lostHeads(db)),
    ],
  }
}

async function wrongWith(
  db: Db,
  row: typeof checkpoint.$inferSelect,
  previous: string | null,
  publicKey: KeyObject,
): Promise<string[]> {
  const { orgId, n } = row
  const ofIt = and(eq(checkpointHead.orgId, orgId), eq(checkpointHead.n, n))
  const heads = await db.select().from(checkpointHead).where(ofIt)
  const parsed = Checkpoint.safeParse(row)
  const hash = parsed.success ? checkpointHash(parsed.data) : null
  const says = (what: string) => [`checkpoint ${n}: ${what}`]
  if (hash !== row.hash) return says('was changed')
  if (row.previous !== previous) return says('does not follow the one before it')
  const isSigned = verify(null, Buffer.from(row.hash, 'hex'), publicKey, Buffer.from(row.signature, 'base64'))
  if (!isSigned) return says('is not signed with this key')
  if (heads.length !== row.heads || merkleRoot(heads) !== row.root) return says('is not made of the heads kept with it')
  return []
}

/** Signed heads that are no longer links of a journal, the last of each run. */
async function lostHeads(db: Db): Promise<string[]> {
  const { orgId, runId, entries, chain, n } = checkpointHead
  const isThere = and(eq(journalEntry.orgId, orgId), eq(journalEntry.runId, runId), eq(journalEntry.n, entries))
  const rows = await db
    .select({ runId, entries, n, found: journalEntry.chain, has: lengthOf(runId, orgId) })
    .from(checkpointHead)
    .leftJoin(journalEntry, isThere)
    .where(or(isNull(journalEntry.chain), sql`${journalEntry.chain} <> ${chain}`))
    .orderBy(asc(runId), asc(entries))
  const furthest = new Map(rows.map((row) => [row.runId, row]))
  return [...furthest.values()].map((row) => {
    const signed = `checkpoint ${row.n} was signed over ${row.entries} entries of it`
    if (row.has === 0) return `run ${row.runId}: is lost, ${signed}`
    if (row.found === null) return `run ${row.runId}: has lost its end after entry ${row.has}, ${signed}`
    return `run ${row.runId} entry ${row.entries}: its chain was rewritten, ${signed} with another last link`
  })
}

const lengthOf = (runId: typeof checkpointHead.runId, orgId: typeof checkpointHead.orgId) =>
  sql<number>`(
  select coalesce(max(j.n), 0) from missions.journal_entry j where j.org_id = ${orgId} and j.run_id = ${runId})`.mapWith(
    Number,
  )
