import { and, desc, eq, gte } from 'drizzle-orm'
import type { Stoppable } from '../../../../contract/switch.ts'
import { switchHash, type SwitchChange } from '../../../domain/switch.ts'
import type { SwitchReads, SwitchWrites } from '../../../ports/settings.ts'
import type { OrgSession } from '../session/org-session.ts'
import { setting, switchChange } from '../session/schema.ts'

const changeOf = ({ orgId: _org, what, ...row }: typeof switchChange.$inferSelect): SwitchChange => ({
  ...row,
  what: what as Stoppable,
})

export function readSwitch(scope: OrgSession): SwitchReads {
  const mine = eq(switchChange.orgId, scope.orgId)
  return {
    async switchChanges(limit) {
      const rows = await scope.db().select().from(switchChange).where(mine).orderBy(desc(switchChange.n)).limit(limit)
      return rows.map(changeOf)
    },
    async switchChangesSince(since) {
      const recent = and(mine, gte(switchChange.at, since))
      return (await scope.db().select().from(switchChange).where(recent).orderBy(desc(switchChange.n))).map(changeOf)
    },
    async stopped() {
      const where = and(eq(setting.orgId, scope.orgId), eq(setting.value, 'stopped'))
      const rows = await scope.db().select({ key: setting.key }).from(setting).where(where).orderBy(setting.key)
      return rows.map(({ key }) => key)
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
