import { and, eq, gt, inArray, isNotNull, isNull, lte, sql, type InferInsertModel, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { addSeconds } from '../../../../contract/values/instant.ts'
import { canonical } from '../../../../contract/values/canonical.ts'
import { NotFound } from '../../../domain/errors.ts'
import type { Tx } from '../../../ports/store.ts'
import { knowledgeVersion, missionVersion, outbox, run, setting } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

/** A run that tried within this is not woken by others before it is over. */
const JUST_NOW_SECONDS = 30

type MissionWrites = Pick<
  Tx,
  | 'insertMission'
  | 'activateMission'
  | 'signMission'
  | 'withdrawMission'
  | 'insertKnowledge'
  | 'lockExclusively'
  | 'setSetting'
  | 'raiseSetting'
  | 'addOutbox'
  | 'wakeHeld'
  | 'wakeAllHeld'
>

const textOf = (value: object | null): string | null => value && canonical(value)

export function writeMissions(scope: OrgSession): MissionWrites {
  const { orgId } = scope

  async function patchVersion(
    name: string,
    version: number,
    patch: Partial<InferInsertModel<typeof missionVersion>>,
  ): Promise<void> {
    const one = and(eq(missionVersion.orgId, orgId), eq(missionVersion.name, name), eq(missionVersion.version, version))
    const found = await scope.db().update(missionVersion).set(patch).where(one).returning({ name: missionVersion.name })
    if (found.length === 0) throw new NotFound('mission')
  }

  return {
    async insertMission(value) {
      const { name, version, grantHash, activatedBy, activatedAt, source, definition, grant, knowledge } = value
      const { activation, signedFirst, endsAt, waiting, withdrawn } = value
      const signed = { activation: textOf(activation), signedFirst: textOf(signedFirst), endsAt }
      const body = canonical({ source, definition, grant, knowledge })
      await scope
        .db()
        .insert(missionVersion)
        .values({
          orgId,
          name,
          version,
          grantHash,
          body,
          ...signed,
          activatedBy,
          activatedAt,
          waiting: textOf(waiting),
          withdrawn: textOf(withdrawn),
        })
    },

    async activateMission(name, version, { activation, userId, at, signedFirst, endsAt }) {
      const signed = {
        activation: canonical(activation),
        activatedBy: userId,
        activatedAt: at,
        signedFirst: textOf(signedFirst),
      }
      await patchVersion(name, version, { ...signed, endsAt, waiting: null, withdrawn: null })
      // The process that listens to the org reloads the active missions.
      scope.tell('event')
    },

    signMission: (name, version, signature) => patchVersion(name, version, { waiting: canonical(signature) }),

    async withdrawMission(name, withdrawal) {
      const all = and(eq(missionVersion.orgId, orgId), eq(missionVersion.name, name))
      const activated = and(all, isNotNull(missionVersion.activation), isNull(missionVersion.withdrawn))
      await scope.db().update(missionVersion).set({ waiting: null }).where(all)
      await scope
        .db()
        .update(missionVersion)
        .set({ withdrawn: canonical(withdrawal) })
        .where(activated)
      scope.tell('event')
    },

    async insertKnowledge({ name, version, title, source, origin, writer }) {
      const at = scope.clock.now()
      await scope.db().insert(knowledgeVersion).values({ orgId, name, version, title, source, origin, writer, at })
    },

    async lockExclusively(doing) {
      await scope.db().execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${orgId}:${doing}`}, 0))`)
    },

    async setSetting(key, value) {
      const target = [setting.orgId, setting.key]
      await scope.db().insert(setting).values({ orgId, key, value }).onConflictDoUpdate({ target, set: { value } })
    },

    async raiseSetting(key, value) {
      const target = [setting.orgId, setting.key]
      const rank = (column: SQL | PgColumn) => sql`(length(${column}), ${column} collate "C")`
      const setWhere = sql`${rank(setting.value)} < ${rank(sql`excluded.value`)}`
      const row = { orgId, key, value }
      await scope.db().insert(setting).values(row).onConflictDoUpdate({ target, set: { value }, setWhere })
    },

    async addOutbox({ kind, about, dueInSeconds }) {
      const dueAt = sql`now() + make_interval(secs => ${dueInSeconds})`
      await scope.db().insert(outbox).values({ orgId, kind, about, dueAt })
      if (dueInSeconds <= 0) scope.tell('outbox')
    },

    async wakeHeld(cause, withinSeconds) {
      const before = addSeconds(scope.clock.now(), -JUST_NOW_SECONDS)
      const isHeld = and(eq(run.orgId, orgId), eq(run.status, 'held'), eq(run.heldFor, cause), isNotNull(run.nextTryAt))
      const rest = scope
        .db()
        .select({ id: run.id })
        .from(run)
        .where(and(isHeld, lte(run.updatedAt, before)))
      const recent = scope
        .db()
        .select({ id: run.id })
        .from(run)
        .where(and(isHeld, gt(run.updatedAt, before)))
      for (const [held, from] of [
        [rest, 0],
        [recent, JUST_NOW_SECONDS],
      ] as const) {
        const soon = sql`now() + make_interval(secs => ${from} + random() * ${withinSeconds})`
        // What was brought forward already keeps its time: each run that comes further would bring all closer together.
        const isLater = gt(outbox.dueAt, sql`now() + make_interval(secs => ${from + withinSeconds})`)
        const mine = and(eq(outbox.orgId, orgId), eq(outbox.kind, 'advance-run'), inArray(outbox.about, held), isLater)
        await scope.db().update(outbox).set({ dueAt: soon }).where(mine)
      }
    },

    async wakeAllHeld(mission) {
      const ofMission = mission === null ? sql`` : sql`and ${run.mission} = ${mission}`
      await scope.db().execute(sql`
        insert into ${outbox} (org_id, kind, about, due_at)
          select ${run.orgId}, 'advance-run', ${run.id}, now() + (row_number() over (order by ${run.id}) - 1) * interval '20 milliseconds'
          from ${run} where ${run.orgId} = ${orgId} and ${run.status} = 'held' ${ofMission}
            and (${run.tries} > 0 or ${run.nextTryAt} is null)`)
      scope.tell('outbox')
    },
  }
}
