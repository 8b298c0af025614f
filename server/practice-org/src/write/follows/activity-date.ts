// LastActivityDate: the latest due date of what was done or is planned with a record [K].
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { formatDate } from '../../schema/dates.ts'
import type { Row } from '../../store/row.ts'

/** Brings the date of every record the activity is about, or was, up to date; no stamp changes, nobody is told. */
export function keepActivityDate(write: Write, object: ObjectDef, rows: (Row | undefined)[]): void {
  if (object.name !== 'Task' && object.name !== 'Event') return
  const ids = rows.flatMap((row) => [row?.['WhatId'], row?.['WhoId'], row?.['AccountId']])
  for (const id of new Set(ids)) {
    const target = typeof id === 'string' ? write.catalog.byPrefix(id) : undefined
    if (!target?.byName.has('lastactivitydate') || typeof id !== 'string') continue
    write.store.update(target, id, { LastActivityDate: latest(write, id) })
  }
}

/** Completed tasks and events that have begun count [K]. */
function latest(write: Write, id: string): string | null {
  const about = `("WhatId" = ? OR "WhoId" = ? OR "AccountId" = ?) AND "IsDeleted" = 0`
  const tasks = `SELECT max(coalesce("ActivityDate", date("CompletedDateTime" / 1000, 'unixepoch'))) FROM "Task" WHERE "IsClosed" = 1 AND ${about}`
  const events = `SELECT max("ActivityDate") FROM "Event" WHERE "ActivityDate" <= ? AND ${about}`
  const found = [
    write.store.select(tasks, [id, id, id])[0]?.[0],
    write.store.select(events, [formatDate(write.now()), id, id, id])[0]?.[0],
  ].filter((each) => typeof each === 'string')
  return found.toSorted().at(-1) ?? null
}
