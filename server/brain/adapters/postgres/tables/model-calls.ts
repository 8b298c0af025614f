import type { Oversight, OversightWrites } from '../../../ports/oversight.ts'
import { and, count, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { OrgSession } from '../session/org-session.ts'
import { stateOf } from '../session/ledger.ts'
import { modelCall, modelClaims, modelRelease } from '../session/schema.ts'

const DIMENSIONS = { user: modelCall.by, run: modelCall.runId, mission: modelCall.mission, role: modelCall.role }

export function readUsage(scope: OrgSession): Pick<Oversight, 'usage'> {
  return {
    async usage(by, { from, to }) {
      const key = DIMENSIONS[by]
      const sum = (column: PgColumn) => sql`coalesce(sum(${column}), 0)`.mapWith(Number)
      const tokens = sql`sum(${modelCall.inputTokens} + ${modelCall.outputTokens})`
      return scope
        .db()
        .select({
          key,
          calls: count(),
          inputTokens: sum(modelCall.inputTokens),
          outputTokens: sum(modelCall.outputTokens),
          costMicros: sum(modelCall.costMicros),
          currency: modelCall.currency,
        })
        .from(modelCall)
        .where(and(eq(modelCall.orgId, scope.orgId), gte(modelCall.at, from), lt(modelCall.at, to)))
        .groupBy(key, modelCall.currency)
        .orderBy(desc(tokens), key)
    },
  }
}

export function writeModelCalls(scope: OrgSession): Pick<OversightWrites, 'addModelCall' | 'addModelClaims'> {
  const { orgId } = scope
  return {
    async addModelCall({ injectionSigns, route: _route, queryDigest: _digest, ...call }) {
      const row = { ...call, orgId, id: scope.ids.next(), injectionSigns: injectionSigns.length }
      await scope.db().insert(modelCall).values(row)
      const asked = and(eq(modelRelease.orgId, orgId), eq(modelRelease.n, call.release))
      const releases = await scope.db().select().from(modelRelease).where(asked)
      scope.ledger.add(call.runId, ...releases.map(stateOf.modelRelease))
    },
    async addModelClaims({ id: runId, mission }, claims) {
      await scope
        .db()
        .insert(modelClaims)
        .values({ orgId, runId, mission, ...claims })
        .onConflictDoNothing()
    },
  }
}
