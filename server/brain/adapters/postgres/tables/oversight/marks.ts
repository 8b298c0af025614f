import { and, asc, desc, eq, gte } from 'drizzle-orm'
import type { Mark } from '../../../../domain/input-mix.ts'
import type { MarkReads, OversightWrites } from '../../../../ports/oversight.ts'
import type { OrgSession } from '../../session/org-session.ts'
import { mark } from '../../session/schema.ts'

const markOf = ({ at, kind, mission, what }: typeof mark.$inferSelect): Mark => ({
  at,
  kind: kind as Mark['kind'],
  mission,
  what,
})

export function readMarks(scope: OrgSession): MarkReads {
  const mine = eq(mark.orgId, scope.orgId)
  return {
    async marks(since) {
      const where = and(mine, gte(mark.at, since))
      return (await scope.db().select().from(mark).where(where).orderBy(asc(mark.n))).map(markOf)
    },
    async lastMark(kind) {
      const where = and(mine, eq(mark.kind, kind))
      const [row] = await scope.db().select().from(mark).where(where).orderBy(desc(mark.n)).limit(1)
      return row ? markOf(row) : null
    },
  }
}

export function writeMarks(scope: OrgSession): Pick<OversightWrites, 'addMark'> {
  return {
    async addMark(given) {
      await scope
        .db()
        .insert(mark)
        .values({ orgId: scope.orgId, at: scope.clock.now(), ...given })
    },
  }
}
