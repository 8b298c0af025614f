import { asc, eq } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { setting, switchChange } from '../../server/brain/adapters/postgres/session/schema.ts'
import { settingsOf, switchHash } from '../../server/brain/domain/switch.ts'
import type { Stoppable } from '../../server/contract/switch.ts'

type Row = typeof switchChange.$inferSelect

/** Checks the chain of stops and starts, and that what is stopped now is what its last changes say. One line each. */
export async function checkSwitch(db: Db): Promise<string[]> {
  const rows = await db.select().from(switchChange).orderBy(asc(switchChange.orgId), asc(switchChange.n))
  const stopped = await db.select().from(setting).where(eq(setting.value, 'stopped'))
  const orgs = new Set([...rows, ...stopped].map(({ orgId }) => orgId))
  return [...orgs].sort().flatMap((orgId) => {
    const changes = rows.filter((row) => row.orgId === orgId)
    const keys = stopped.filter((row) => row.orgId === orgId).map(({ key }) => key)
    return [...brokenLinks(changes), ...wrongPosition(changes, keys)]
  })
}

function brokenLinks(changes: readonly Row[]): string[] {
  const findings: string[] = []
  let [expected, before]: [number, string | null] = [1, null]
  for (const change of changes) {
    const isAfterGap = change.n > expected
    for (; expected < change.n; expected += 1) findings.push(`change ${expected} of the switch: is missing`)
    const { orgId: _org, hash, what, ...rest } = change
    if (!isAfterGap && switchHash(before, { ...rest, what: what as Stoppable }) !== hash)
      findings.push(`change ${change.n} of the switch: was changed`)
    before = hash
    expected = change.n + 1
  }
  return findings
}

function wrongPosition(changes: readonly Row[], stopped: readonly string[]): string[] {
  const position = new Map<string, boolean>()
  for (const { what, isStop } of changes) for (const key of settingsOf(what as Stoppable)) position.set(key, isStop)
  const started = [...position].filter(([key, isStop]) => isStop && !stopped.includes(key))
  const unsaid = stopped.filter((key) => position.get(key) !== true)
  return [
    ...started.map(([key]) => `the switch: ${key} is on, but its last change stopped it`),
    ...unsaid.map((key) => `the switch: ${key} is stopped, but no change of the switch says so`),
  ]
}
