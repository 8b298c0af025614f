import type { KeyObject } from 'node:crypto'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import type { RowState } from '../../server/brain/adapters/postgres/session/ledger.ts'
import { knowledgeVersion, missionVersion } from '../../server/brain/adapters/postgres/session/schema.ts'
import { missionOf } from '../../server/brain/adapters/postgres/tables/read-missions.ts'
import { AlteredMission } from '../../server/brain/domain/errors.ts'
import { assertIntact, assertPinned } from '../../server/brain/domain/intact.ts'
import type { KnowledgeVersion, MissionVersion } from '../../server/brain/domain/mission.ts'
import { sha256 } from '../../server/contract/values/canonical.ts'
import { wrongToken } from './org-tokens.ts'

type Row = typeof missionVersion.$inferSelect

/** What a run's ledger has of its mission, as the run started. */
export interface StartedUnder {
  orgId: string
  runId: string
  is: RowState['is']
}

/**
 * Compares missions and their documents with the hashes that runs started under, and with the signature an administrator
 * activated them by. One line each.
 */
export async function checkMissions(
  db: Db,
  started: readonly StartedUnder[],
  orgKeys: readonly KeyObject[],
): Promise<string[]> {
  const rows = await db.select().from(missionVersion).orderBy(missionVersion.name, missionVersion.version)
  const documents = await db.select().from(knowledgeVersion)
  const findings: string[] = []
  for (const row of rows) {
    const mine = started.filter(({ orgId, is }) => orgId === row.orgId && nameOf(is) === nameOf(row))
    const ofOrg = documents.filter(({ orgId }) => orgId === row.orgId)
    const whats = [...changedSince(row, mine), ...(await wrongVersion(row, ofOrg, orgKeys))]
    findings.push(...whats.map((what) => `mission ${nameOf(row)}: ${what}`))
  }
  return [...findings, ...deleted(rows, started)]
}

const nameOf = ({ name, version }: { name?: unknown; version?: unknown }) => `${String(name)} v${String(version)}`

function changedSince(row: Row, started: readonly StartedUnder[]): string[] {
  const body = sha256(row.body)
  const first = started.find(({ is }) => is.body !== body || is.grantHash !== row.grantHash)
  const whats = first ? [`is not as it was when run ${first.runId} started`] : []
  if (row.activation === null && started[0])
    whats.push(`run ${started[0].runId} started under it, but it is not active`)
  return whats
}

function deleted(rows: readonly Row[], started: readonly StartedUnder[]): string[] {
  const known = new Set(rows.map((row) => `${row.orgId} ${nameOf(row)}`))
  const lost = started.filter(({ orgId, is }) => !known.has(`${orgId} ${nameOf(is)}`))
  const firsts = new Map(lost.map((each) => [nameOf(each.is), each]))
  return [...firsts].map(([name, { runId }]) => `mission ${name}: was deleted, run ${runId} started under it`)
}

async function wrongVersion(
  row: Row,
  documents: readonly KnowledgeVersion[],
  orgKeys: readonly KeyObject[],
): Promise<string[]> {
  const mission = readable(row)
  if (!mission) return ['cannot be read']
  const whats = [altered(() => assertIntact(mission))]
  for (const [name, version] of Object.entries(mission.knowledge)) {
    const document = documents.find((each) => each.name === name && each.version === version)
    if (document) whats.push(altered(() => assertPinned(mission, document)))
    else whats.push(`its document ${name} v${version} was deleted`)
  }
  if (mission.activation && orgKeys.length > 0) whats.push(await wrongActivation(row.orgId, mission, orgKeys))
  return whats.filter((what) => what !== null)
}

function readable(row: Row): MissionVersion | null {
  try {
    const mission = missionOf(row)
    return mission.grant && mission.knowledge ? mission : null
  } catch {
    return null
  }
}

function altered(check: () => void): string | null {
  try {
    check()
    return null
  } catch (error) {
    if (!(error instanceof AlteredMission)) throw error
    return `its ${error.part} is not what was signed`
  }
}

async function wrongActivation(
  orgId: string,
  { name, version, grantHash, activation, activatedBy, activatedAt }: MissionVersion,
  orgKeys: readonly KeyObject[],
): Promise<string | null> {
  const claimed = { userId: activatedBy ?? '', at: activatedAt ?? '', digest: grantHash }
  const about = { orgId, decisionId: `mission:${name}@${version}`, verb: 'activate' as const }
  const wrong = await wrongToken(activation?.token ?? '', { ...claimed, ...about }, orgKeys)
  return wrong && `its activation ${wrong}`
}
