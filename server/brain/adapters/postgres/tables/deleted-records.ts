import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import type { DeletionReads, DeletionWrites } from '../../../ports/deletions.ts'
import type { OrgSession } from '../session/org-session.ts'
import { deletedRecord, run, runRecord } from '../session/schema.ts'

export function writeDeletions(scope: OrgSession): DeletionWrites {
  const { orgId } = scope
  return {
    async noteDeletion(id, at) {
      const { db } = scope
      const linked = and(eq(runRecord.orgId, orgId), eq(runRecord.recordId, id))
      const [held] = await db().select({ id: runRecord.runId }).from(runRecord).where(linked).limit(1)
      if (!held) return
      await db().insert(deletedRecord).values({ orgId, recordId: id, deletedAt: at }).onConflictDoNothing()
    },

    async forgetDeletions(ids) {
      if (ids.length === 0) return
      const mine = and(eq(deletedRecord.orgId, orgId), inArray(deletedRecord.recordId, [...ids]))
      await scope.db().delete(deletedRecord).where(mine)
    },
  }
}

export function readDeletions(scope: OrgSession): DeletionReads {
  const { orgId } = scope
  return {
    async heldRecords(after, limit) {
      const ofRun = and(eq(run.orgId, runRecord.orgId), eq(run.id, runRecord.runId), isNull(run.erasureId))
      return scope
        .db()
        .select({ id: runRecord.recordId, object: sql<string>`min(${runRecord.object})` })
        .from(runRecord)
        .innerJoin(run, ofRun)
        .where(and(eq(runRecord.orgId, orgId), gt(runRecord.recordId, after)))
        .groupBy(runRecord.recordId)
        .orderBy(asc(runRecord.recordId))
        .limit(limit)
    },

    async deletionsOf(ids) {
      if (ids.length === 0) return new Map()
      const mine = and(eq(deletedRecord.orgId, orgId), inArray(deletedRecord.recordId, [...ids]))
      const rows = await scope.db().select().from(deletedRecord).where(mine)
      return new Map(rows.map(({ recordId, deletedAt }) => [recordId, deletedAt]))
    },
  }
}
