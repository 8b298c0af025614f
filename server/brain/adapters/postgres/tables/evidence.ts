import { and, asc, eq, lte } from 'drizzle-orm'
import { Checkpoint, merklePath } from '../../../../contract/checkpoint.ts'
import type { Evidence, SignedHead } from '../../../ports/evidence.ts'
import type { Reads } from '../../../ports/store.ts'
import type { SaltedState } from '../session/ledger.ts'
import type { OrgSession } from '../session/org-session.ts'
import { checkpoint, checkpointHead, journalEntry, ledgerEntry } from '../session/schema.ts'

export function readEvidence(scope: OrgSession): Pick<Reads, 'evidence'> {
  return {
    async evidence(runId) {
      const signed = await signedHeads(scope, runId)
      const upTo = signed.at(-1)?.entries
      if (upTo === undefined) return null
      const ledger = await ledgerUpTo(scope, runId, upTo)
      const rows = new Set(ledger.flatMap(({ states }) => states.map(([row]) => row)))
      const journal = await journalOf(scope, runId)
      const covered = journal.filter(({ n }) => rows.has(`journal entry ${n}`))
      return { orgId: scope.orgId, journal: covered, ledger, signed }
    },
  }
}

async function signedHeads(scope: OrgSession, runId: string): Promise<SignedHead[]> {
  const ofOrg = and(eq(checkpointHead.orgId, scope.orgId), eq(checkpointHead.kind, 'ledger'))
  const mine = await scope
    .db()
    .select()
    .from(checkpointHead)
    .where(and(ofOrg, eq(checkpointHead.runId, runId)))
    .orderBy(asc(checkpointHead.entries))
  const signed: SignedHead[] = []
  for (const head of mine) {
    const where = and(eq(checkpoint.orgId, scope.orgId), eq(checkpoint.n, head.n))
    const [row] = await scope.db().select().from(checkpoint).where(where)
    const ofIt = and(eq(checkpointHead.orgId, scope.orgId), eq(checkpointHead.n, head.n))
    const heads = await scope.db().select().from(checkpointHead).where(ofIt)
    if (!row) continue
    const path = merklePath(heads, head)
    signed.push({ checkpoint: Checkpoint.parse(row), signature: row.signature, entries: head.entries, path })
  }
  return signed
}

async function ledgerUpTo(scope: OrgSession, runId: string, upTo: number) {
  const ofRun = and(eq(ledgerEntry.orgId, scope.orgId), eq(ledgerEntry.runId, runId), lte(ledgerEntry.n, upTo))
  const rows = await scope.db().select().from(ledgerEntry).where(ofRun).orderBy(asc(ledgerEntry.n))
  return rows.map(({ n, at, states, chain }) => ({ n, at, states: JSON.parse(states) as SaltedState[], chain }))
}

async function journalOf(scope: OrgSession, runId: string): Promise<Evidence['journal']> {
  const { n, phase, key, requestHash, answerHash, chain, at } = journalEntry
  return scope
    .db()
    .select({ n, phase, key, requestHash, answerHash, chain, at })
    .from(journalEntry)
    .where(and(eq(journalEntry.orgId, scope.orgId), eq(journalEntry.runId, runId)))
    .orderBy(asc(n))
}
