import type { OversightWrites } from '../../../ports/oversight.ts'
import type { OrgSession } from '../session/org-session.ts'
import { modelCall, modelClaims } from '../session/schema.ts'

export function writeModelCalls(scope: OrgSession): OversightWrites {
  const { orgId } = scope
  return {
    async addModelCall({ injectionSigns, ...call }) {
      const row = { ...call, orgId, id: scope.ids.next(), injectionSigns: injectionSigns.length }
      await scope.db().insert(modelCall).values(row)
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
