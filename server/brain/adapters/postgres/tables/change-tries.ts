import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { ChangeTryReads, ChangeTryWrites, TriedChange } from '../../../ports/change-tries.ts'
import type { OrgSession } from '../session/org-session.ts'
import { changeTry } from '../session/schema.ts'

export function readChangeTries(scope: OrgSession): ChangeTryReads {
  return {
    async setAsides(limit) {
      const rows = await scope
        .db()
        .select()
        .from(changeTry)
        .where(and(eq(changeTry.orgId, scope.orgId), isNotNull(changeTry.setAsideAt)))
        .orderBy(desc(changeTry.setAsideAt))
        .limit(limit)
      return rows.map(({ source, position, object, change, recordIds, setAsideAt, reason }) => ({
        source,
        position,
        object,
        change,
        recordIds: recordIds.split(' ').filter((id) => id !== ''),
        at: setAsideAt ?? '',
        reason,
      }))
    },
  }
}

export function writeChangeTries(scope: OrgSession): ChangeTryWrites {
  const { orgId } = scope
  const row = ({ source, position }: TriedChange) =>
    and(eq(changeTry.orgId, orgId), eq(changeTry.source, source), eq(changeTry.position, position))
  return {
    async countTry({ source, position, object, change, recordIds }) {
      const values = { orgId, source, position, object, change, recordIds: recordIds.join(' '), tries: 1 }
      const target = [changeTry.orgId, changeTry.source, changeTry.position]
      const set = { tries: sql`${changeTry.tries} + 1` }
      const counted = await scope
        .db()
        .insert(changeTry)
        .values(values)
        .onConflictDoUpdate({ target, set, setWhere: isNull(changeTry.setAsideAt) })
        .returning({ tries: changeTry.tries })
      return counted[0]?.tries ?? null
    },

    async forgetTries(change) {
      await scope.db().delete(changeTry).where(row(change))
    },

    async setAside(change, at, reason) {
      await scope.db().update(changeTry).set({ setAsideAt: at, reason }).where(row(change))
    },
  }
}
