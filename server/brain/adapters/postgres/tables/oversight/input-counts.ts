import { and, asc, eq, gte, sql } from 'drizzle-orm'
import type { InputCounting, Oversight } from '../../../../ports/oversight.ts'
import type { OrgSession } from '../../session/org-session.ts'
import { inputCount } from '../../session/schema.ts'

/** Counts of a day per value. Rows are in order of their names, so that two runs lock them in the same order. */
export function inputCounts(scope: OrgSession): InputCounting & Pick<Oversight, 'inputCounts'> {
  const { orgId } = scope
  return {
    async countInputs(mission, mix) {
      const day = scope.clock.now().slice(0, 10)
      const rows = Object.entries(mix)
        .map(([dimension, value]) => ({ orgId, mission, day, dimension, value, runs: 1 }))
        .sort((a, b) => (a.dimension < b.dimension ? -1 : 1))
      if (rows.length === 0) return
      const { dimension, value } = inputCount
      await scope
        .db()
        .insert(inputCount)
        .values(rows)
        .onConflictDoUpdate({
          target: [inputCount.orgId, inputCount.mission, inputCount.day, dimension, value],
          set: { runs: sql`${inputCount.runs} + 1` },
        })
    },

    async inputCounts(since) {
      const where = and(eq(inputCount.orgId, orgId), gte(inputCount.day, since))
      const rows = await scope.db().select().from(inputCount).where(where).orderBy(asc(inputCount.day))
      return rows.map(({ orgId: _org, ...count }) => count)
    },
  }
}
