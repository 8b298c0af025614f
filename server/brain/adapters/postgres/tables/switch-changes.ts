import { desc, eq } from 'drizzle-orm'
import type { Stoppable } from '../../../../contract/switch.ts'
import { switchHash, type SwitchChange } from '../../../domain/switch.ts'
import type { SwitchReads, SwitchWrites } from '../../../ports/settings.ts'
import type { OrgSession } from '../session/org-session.ts'
import { switchChange } from '../session/schema.ts'

/** The latest changes, newest first. */
export function readSwitch(scope: OrgSession): SwitchReads {
  return {
    async switchChanges(limit) {
      const mine = eq(switchChange.orgId, scope.orgId)
      const rows = await scope.db().select().from(switchChange).where(mine).orderBy(desc(switchChange.n)).limit(limit)
      return rows.map(({ orgId: _org, what, ...row }): SwitchChange => ({ ...row, what: what as Stoppable }))
    },
  }
}

/** Appends to the chain of changes; the caller's transaction holds the lock of the switch. */
export function writeSwitch(scope: OrgSession): SwitchWrites {
  return {
    async appendSwitchChange(given) {
      const [last] = await readSwitch(scope).switchChanges(1)
      const change = { ...given, n: (last?.n ?? 0) + 1, at: scope.clock.now() }
      const kept: SwitchChange = { ...change, hash: switchHash(last?.hash ?? null, change) }
      await scope
        .db()
        .insert(switchChange)
        .values({ orgId: scope.orgId, ...kept })
      return kept
    },
  }
}
