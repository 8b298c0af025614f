// What follows a stored change of any kind: companions, totals, activity dates.
import type { ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import type { Row } from '../store.ts'
import { keepActivityDate } from './activity-date.ts'
import { keepCompanions } from './companions.ts'
import { rollUp } from './roll-up.ts'

/** @param before absent for a new row */
export function afterSave(
  write: Write,
  object: ObjectDef,
  before: Row | undefined,
  after: Row,
  changed: string[],
): void {
  keepCompanions(write, object, after, changed)
  keepTotals(write, object, [before, after])
}

/** For changes the org makes by itself: what parents tell about their children. */
export function keepTotals(write: Write, object: ObjectDef, rows: (Row | undefined)[]): void {
  rollUp(write, object, rows)
  keepActivityDate(write, object, rows)
}
