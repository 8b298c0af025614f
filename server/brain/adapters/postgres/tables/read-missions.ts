import { and, desc, eq, inArray, isNotNull } from 'drizzle-orm'
import type { InferSelectModel } from 'drizzle-orm'
import { isActive, type KnowledgeVersion, type MissionVersion } from '../../../domain/mission.ts'
import type { Reads } from '../../../ports/store.ts'
import { knowledgeVersion, missionVersion, setting } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

type MissionRow = InferSelectModel<typeof missionVersion>
type KeptMission = Pick<MissionVersion, 'source' | 'definition' | 'grant' | 'knowledge'>

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))

export function missionOf(row: MissionRow): MissionVersion {
  const kept = JSON.parse(row.body) as KeptMission
  return {
    ...kept,
    name: row.name,
    version: row.version,
    grantHash: row.grantHash,
    activation: parsed<MissionVersion['activation']>(row.activation),
    activatedBy: row.activatedBy,
    activatedAt: row.activatedAt,
    signedFirst: parsed<MissionVersion['signedFirst']>(row.signedFirst),
    endsAt: row.endsAt,
    waiting: parsed<MissionVersion['waiting']>(row.waiting),
    withdrawn: parsed<MissionVersion['withdrawn']>(row.withdrawn),
  }
}

type MissionReads = Pick<
  Reads,
  'activeMissions' | 'lastActivated' | 'activatedGrants' | 'latestMissions' | 'mission' | 'knowledge' | 'setting'
>

export function readMissions(scope: OrgSession): MissionReads {
  /** A version never changes. */
  const documents = new Map<string, KnowledgeVersion>()

  return {
    async activeMissions() {
      const rows = await scope
        .db()
        .selectDistinctOn([missionVersion.name])
        .from(missionVersion)
        .where(and(eq(missionVersion.orgId, scope.orgId), isNotNull(missionVersion.activation)))
        .orderBy(missionVersion.name, desc(missionVersion.activatedAt), desc(missionVersion.version))
      // The version activated last, or none: an earlier one does not take the place of one that was withdrawn or has ended.
      const now = scope.clock.now()
      return rows.map(missionOf).filter((mission) => isActive(mission, now))
    },

    async lastActivated(name) {
      const named = and(eq(missionVersion.orgId, scope.orgId), eq(missionVersion.name, name))
      const rows = await scope
        .db()
        .select()
        .from(missionVersion)
        .where(and(named, isNotNull(missionVersion.activation)))
        .orderBy(desc(missionVersion.activatedAt), desc(missionVersion.version))
        .limit(1)
      return rows[0] ? missionOf(rows[0]) : null
    },

    async activatedGrants() {
      const rows = await scope
        .db()
        .select()
        .from(missionVersion)
        .where(and(eq(missionVersion.orgId, scope.orgId), isNotNull(missionVersion.activation)))
        .orderBy(desc(missionVersion.activatedAt), desc(missionVersion.version))
        .limit(200)
      return rows.map(missionOf).map(({ grantHash: hash, grant }) => ({ hash, grant }))
    },

    async latestMissions() {
      const rows = await scope
        .db()
        .selectDistinctOn([missionVersion.name])
        .from(missionVersion)
        .where(eq(missionVersion.orgId, scope.orgId))
        .orderBy(missionVersion.name, desc(missionVersion.version))
      return rows.map(missionOf)
    },

    async mission(name, version) {
      const where = and(
        eq(missionVersion.orgId, scope.orgId),
        eq(missionVersion.name, name),
        version === undefined ? undefined : eq(missionVersion.version, version),
      )
      const rows = await scope.db().select().from(missionVersion).where(where).orderBy(desc(missionVersion.version))
      return rows[0] ? missionOf(rows[0]) : null
    },

    async knowledge(name, version) {
      const known = documents.get(`${name} ${version}`)
      if (known) return known
      const where = and(
        eq(knowledgeVersion.orgId, scope.orgId),
        eq(knowledgeVersion.name, name),
        version === undefined ? undefined : eq(knowledgeVersion.version, version),
      )
      const rows = await scope.db().select().from(knowledgeVersion).where(where).orderBy(desc(knowledgeVersion.version))
      const row = rows[0]
      if (!row) return null
      const document = { name: row.name, version: row.version, title: row.title, source: row.source }
      if (version !== undefined) documents.set(`${name} ${version}`, document)
      return document
    },

    async setting(key) {
      const [row] = await scope
        .db()
        .select()
        .from(setting)
        .where(and(eq(setting.orgId, scope.orgId), eq(setting.key, key)))
      return row?.value ?? null
    },
  }
}

export function readDocuments(scope: OrgSession): Pick<Reads, 'documentOrigins'> {
  return {
    async documentOrigins(versions) {
      const mine = and(eq(knowledgeVersion.orgId, scope.orgId), inArray(knowledgeVersion.name, Object.keys(versions)))
      const rows = await scope.db().select().from(knowledgeVersion).where(mine).orderBy(knowledgeVersion.name)
      return rows
        .filter(({ name, version }) => versions[name] === version)
        .map(({ name, version, origin, writer, at }) => ({ name, version, origin, writer, at }))
    },
  }
}
