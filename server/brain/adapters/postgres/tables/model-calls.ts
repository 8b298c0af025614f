import { and, eq } from 'drizzle-orm'
import type { OversightWrites } from '../../../ports/oversight.ts'
import type { OrgSession } from '../session/org-session.ts'
import { stateOf } from '../session/ledger.ts'
import { modelCall, modelClaims, modelRelease } from '../session/schema.ts'

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
