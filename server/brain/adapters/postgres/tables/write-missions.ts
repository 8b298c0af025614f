import { and, eq, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm'
import { addSeconds } from '../../../../contract/values/instant.ts'
import { canonical } from '../../../../contract/values/canonical.ts'
import { NotFound } from '../../../domain/errors.ts'
import type { Tx } from '../../../ports/store.ts'
import { knowledgeVersion, missionVersion, outbox, run, setting } from '../session/schema.ts'
import type { OrgSession } from '../session/org-session.ts'

/** A run that tried within this is not woken by others. */
const JUST_NOW_SECONDS = 30

type MissionWrites = Pick<
  Tx,
  'insertMission' | 'activateMission' | 'insertKnowledge' | 'lockExclusively' | 'setSetting' | 'addOutbox' | 'wakeHeld'
>

export function writeMissions(scope: OrgSession): MissionWrites {
  const { orgId } = scope
  return {
    async insertMission(value) {
      const { name, version, grantHash, activatedBy, activatedAt, source, definition, grant, knowledge } = value
      const activation = value.activation && canonical(value.activation)
      const body = canonical({ source, definition, grant, knowledge })
      await scope
        .db()
        .insert(missionVersion)
        .values({ orgId, name, version, grantHash, body, activation, activatedBy, activatedAt })
    },

    async activateMission(name, version, { activation, userId, at }) {
      const mine = eq(missionVersion.orgId, orgId)
      const patch = { activation: activation && canonical(activation), activatedBy: userId, activatedAt: at }
      const activated = await scope
        .db()
        .update(missionVersion)
        .set(patch)
        .where(and(mine, eq(missionVersion.name, name), eq(missionVersion.version, version)))
        .returning({ name: missionVersion.name })
      if (activated.length === 0) throw new NotFound('mission')
      // The process that listens to the org reloads the active missions.
      scope.tell('event')
    },

    async insertKnowledge({ name, version, title, source }) {
      await scope.db().insert(knowledgeVersion).values({ orgId, name, version, title, source })
    },

    async lockExclusively(doing) {
      await scope.db().execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${orgId}:${doing}`}, 0))`)
    },

    async setSetting(key, value) {
      const target = [setting.orgId, setting.key]
      await scope.db().insert(setting).values({ orgId, key, value }).onConflictDoUpdate({ target, set: { value } })
    },

    async addOutbox({ kind, about, dueInSeconds }) {
      const dueAt = sql`now() + make_interval(secs => ${dueInSeconds})`
      await scope.db().insert(outbox).values({ orgId, kind, about, dueAt })
      if (dueInSeconds <= 0) scope.tell('outbox')
    },

    async wakeHeld(withinSeconds) {
      // A run that a limit per day holds has tried nothing yet: it keeps its time. One that tried just now does too.
      const before = addSeconds(scope.clock.now(), -JUST_NOW_SECONDS)
      const isHeld = and(eq(run.orgId, orgId), eq(run.status, 'held'), isNotNull(run.nextTryAt))
      const tried = and(isHeld, gt(run.tries, 0), lte(run.updatedAt, before))
      const held = scope.db().select({ id: run.id }).from(run).where(tried)
      const soon = sql`least(${outbox.dueAt}, now() + random() * make_interval(secs => ${withinSeconds}))`
      const mine = and(eq(outbox.orgId, orgId), eq(outbox.kind, 'advance-run'), inArray(outbox.about, held))
      await scope.db().update(outbox).set({ dueAt: soon }).where(mine)
    },
  }
}
