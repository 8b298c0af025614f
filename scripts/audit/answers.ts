import type { KeyObject } from 'node:crypto'
import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { placeOf } from '../../server/brain/adapters/postgres/session/places.ts'
import type { RunCipher } from '../../server/brain/adapters/postgres/session/run-encryption.ts'
import { approval, body, changeSetVersion, decision } from '../../server/brain/adapters/postgres/session/schema.ts'
import type { Approval, ChangeSetVersion, Decision } from '../../server/brain/domain/decision.ts'
import { bothStages, placesLeft } from '../../server/contract/gate/people.ts'
import type { AuditFinding } from './chain.ts'
import { wrongToken } from './org-tokens.ts'

interface Reading {
  db: Db
  cipher: RunCipher
  orgKeys: readonly KeyObject[]
}

type Row = typeof approval.$inferSelect

interface Answer {
  row: Row
  /** Null when it cannot be opened. */
  kept: Approval | null
}

/**
 * Checks that every answer is what the org signed, and that each decision's status follows from its answers. Without the org's
 * keys, signatures are not checked.
 */
export async function checkAnswers(reading: Reading, orgId: string, runId: string): Promise<AuditFinding[]> {
  const { db, cipher, orgKeys } = reading
  const ofRun = and(eq(approval.orgId, orgId), eq(approval.runId, runId))
  const rows = await db.select().from(approval).where(ofRun).orderBy(asc(approval.n))
  const versions = await versionsOf(reading, orgId, runId)
  const answers: Answer[] = []
  const findings: AuditFinding[] = []
  const report = (what: string) => findings.push({ runId, n: null, what })
  for (const row of rows) {
    const kept = (await cipher.open(db, placeOf.approval(row), row.sealed).catch(() => null)) as Approval | null
    answers.push({ row, kept })
    const what = kept
      ? (row.verb !== kept.verb && `is kept as ${row.verb}, but was ${kept.verb}`) ||
        (await wrongSignature(kept, versions, orgKeys, orgId))
      : 'cannot be opened: it was changed, or the body key is another'
    if (what) report(`${answerName(row)} ${what}`)
  }
  for (const what of await wrongStatuses(reading, { orgId, runId }, answers, versions)) report(what)
  return findings
}

const answerName = ({ verb, decisionId, version, userId }: Row) =>
  `${verb} of decision ${decisionId} v${version} by ${userId}`

interface Version {
  digest: string
  /** Null when it cannot be opened. */
  changeSet: ChangeSetVersion | null
}

const nameOf = (decisionId: string, version: number) => `${decisionId} v${version}`

async function versionsOf({ db, cipher }: Reading, orgId: string, runId: string): Promise<Map<string, Version>> {
  const ofRun = and(eq(changeSetVersion.orgId, orgId), eq(changeSetVersion.runId, runId))
  const versions = new Map<string, Version>()
  for (const { decisionId, version, digest, bodyHash } of await db.select().from(changeSetVersion).where(ofRun)) {
    const sealed = await sealedBody(db, orgId, runId, bodyHash)
    const opened = cipher.open(db, placeOf.body({ hash: bodyHash, runId }), sealed).catch(() => null)
    versions.set(nameOf(decisionId, version), { digest, changeSet: (await opened) as ChangeSetVersion | null })
  }
  return versions
}

async function sealedBody(db: Db, orgId: string, runId: string, hash: string): Promise<string> {
  const where = and(eq(body.orgId, orgId), eq(body.runId, runId), eq(body.hash, hash))
  const [row] = await db.select({ sealed: body.sealed }).from(body).where(where)
  return row?.sealed ?? ''
}

async function wrongSignature(
  kept: Approval,
  versions: ReadonlyMap<string, Version>,
  orgKeys: readonly KeyObject[],
  orgId: string,
): Promise<string | null> {
  if (orgKeys.length === 0) return null
  const { accepted, userId, decisionId, version, verb, at, on } = kept
  const digest = versions.get(nameOf(decisionId, version))?.digest
  if (digest === undefined) return 'is for a version that is not there'
  const wrong = await wrongToken(accepted.token, { orgId, userId, decisionId, digest, verb, at, on }, orgKeys)
  return wrong === null ? null : `has a token that ${wrong}`
}

/** An approved decision has every approval its gate asks for; a rejected one has a rejection; an open one has neither. */
async function wrongStatuses(
  { db, cipher }: Reading,
  { orgId, runId }: { orgId: string; runId: string },
  answers: readonly Answer[],
  versions: ReadonlyMap<string, Version>,
): Promise<string[]> {
  const decisions = await db
    .select()
    .from(decision)
    .where(and(eq(decision.orgId, orgId), eq(decision.runId, runId)))
  const settled = new Map<string, Decision['settledBy']>()
  for (const row of decisions) {
    const kept = (await cipher.open(db, placeOf.decision(row), row.sealed).catch(() => null)) as Decision | null
    settled.set(row.id, kept?.settledBy)
  }
  return decisions.flatMap(({ id, status, version }) => {
    const standing = answers.filter(({ row }) => row.decisionId === id && row.version === version && !row.voided)
    const approvals = standing.flatMap(({ row, kept }) => (row.verb === 'approve' && kept ? [kept] : []))
    const isRejected = standing.some(({ row }) => row.verb === 'reject')
    const gate = versions.get(nameOf(id, version))?.changeSet?.gate
    const isApproved = gate !== undefined && placesLeft(bothStages(gate), approvals).length === 0
    const says = (what: string) => [`decision ${id} is ${status}, but ${what}`]
    const { receiptId } = settled.get(id) ?? {}
    if (status === 'approved' && receiptId !== undefined)
      return says(`by the org’s receipt ${receiptId} alone, after a restore: look there for its approvers`)
    if (status === 'approved' && !isApproved) return says('the approvals its gate asks for are not there')
    if (status === 'rejected' && !isRejected) return says('no rejection of it is there')
    if (status !== 'rejected' && isRejected) return says('a person rejected it')
    return status === 'open' && isApproved ? says('has every approval its gate asks for') : []
  })
}
