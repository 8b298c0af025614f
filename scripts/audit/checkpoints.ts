import { verify, type KeyObject } from 'node:crypto'
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import {
  checkpoint,
  checkpointHead,
  journalEntry,
  ledgerEntry,
} from '../../server/brain/adapters/postgres/session/schema.ts'
import { Checkpoint, checkpointHash, checkpointKeyName, merkleRoot } from '../../server/contract/checkpoint.ts'

export interface CheckedCheckpoints {
  count: number
  /** Time of the newest checkpoint; null when there is none. */
  until: string | null
  /** One line each. */
  findings: string[]
}

interface Given {
  publicKeys: readonly KeyObject[]
  /** Hashes that receipts in the org carry. */
  anchors: readonly string[]
}

/**
 * Compares the journals with the signed checkpoints: every checkpoint is in its place, signed with one of these keys, which follow each other, and made of its
 * heads; every head is still a link of its run's chain; every anchor of the org is a checkpoint of this database.
 */
export async function checkCheckpoints(db: Db, { publicKeys, anchors }: Given): Promise<CheckedCheckpoints> {
  const rows = await db.select().from(checkpoint).orderBy(asc(checkpoint.orgId), asc(checkpoint.n))
  const findings: string[] = []
  const replaced = new Set<string | null>()
  let before: (typeof rows)[number] | null = null
  for (const row of rows) {
    if (before?.orgId !== row.orgId) {
      before = null
      replaced.clear()
    }
    const expected: number = (before?.n ?? 0) + 1
    if (row.n !== expected) findings.push(`checkpoint ${expected}: is missing`)
    else findings.push(...(await wrongWith(db, row, before?.hash ?? null, publicKeys)))
    if (before && before.key !== row.key) {
      replaced.add(before.key)
      if (row.key === null || replaced.has(row.key))
        findings.push(`checkpoint ${row.n}: is signed with a key that was replaced before`)
    }
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
  publicKeys: readonly KeyObject[],
): Promise<string[]> {
  const { orgId, n } = row
  const ofIt = and(eq(checkpointHead.orgId, orgId), eq(checkpointHead.n, n))
  const heads = await db.select().from(checkpointHead).where(ofIt)
  const parsed = Checkpoint.safeParse(row)
  const hash = parsed.success ? checkpointHash(parsed.data) : null
  const says = (what: string) => [`checkpoint ${n}: ${what}`]
  if (hash !== row.hash) return says('was changed')
  if (row.previous !== previous) return says('does not follow the one before it')
  const keys = publicKeys.filter((each) => row.key === null || checkpointKeyName(each) === row.key)
  const [signed, signature] = [Buffer.from(row.hash, 'hex'), Buffer.from(row.signature, 'base64')]
  if (keys.length === 0) return says(`is signed with a key that was not given, ${row.key}`)
  if (!keys.some((key) => verify(null, signed, key, signature))) return says('is not signed with the key it names')
  if (heads.length !== row.heads || merkleRoot(heads) !== row.root) return says('is not made of the heads kept with it')
  return []
}

interface LostHead {
  [column: string]: unknown
  runId: string
  kind: 'journal' | 'ledger'
  entries: number
  n: number
  /** The link now at the place of the signed one. */
  found: string | null
  /** Entries that the chain has now. */
  has: number
}

/** Signed heads that are no longer links of a chain, the last of each chain. */
async function lostHeads(db: Db): Promise<string[]> {
  const { rows } = await db.execute<LostHead>(sql`
    with link as not materialized (
      select 'journal' as kind, org_id, run_id, n, chain from ${journalEntry}
      union all select 'ledger', org_id, run_id, n, chain from ${ledgerEntry})
    select distinct on (head.run_id, head.kind)
      head.run_id as "runId", head.kind, head.entries, head.n, link.chain as found,
      (select coalesce(max(l.n), 0)::int from link l
        where l.kind = head.kind and l.org_id = head.org_id and l.run_id = head.run_id) as has
    from ${checkpointHead} as head
    left join link on link.kind = head.kind and link.org_id = head.org_id and link.run_id = head.run_id
      and link.n = head.entries
    where link.chain is null or link.chain <> head.chain
    order by head.run_id, head.kind, head.entries desc`)
  const lost = new Set(rows.filter(({ kind, has }) => kind === 'journal' && has === 0).map(({ runId }) => runId))
  return rows.flatMap((row) => {
    const [name, of] = row.kind === 'journal' ? ['', 'it'] : [' its ledger', 'that']
    const signed = `checkpoint ${row.n} was signed over ${row.entries} entries of ${of}`
    const run = `run ${row.runId}`
    if (row.kind === 'ledger' && row.has === 0 && lost.has(row.runId)) return []
    if (row.has === 0) return [`${run}:${name} is lost, ${signed}`]
    if (row.found === null) return [`${run}:${name} has lost its end after entry ${row.has}, ${signed}`]
    return [
      `${run}${name.replace(' its', '')} entry ${row.entries}: its chain was rewritten, ${signed} with another last link`,
    ]
  })
}
