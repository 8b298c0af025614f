// What follows a stored change of any kind: companions, totals, activity dates.
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import type { Row } from '../../store/row.ts'
import { keepActivityDate } from './activity-date.ts'
import { keepMemberStatuses, keepOnePrimary } from './associates.ts'
import { keepComment } from './case-comment.ts'
import { keepCompanions } from './companions.ts'
import { keepCopies } from '../checks/copies.ts'
import { keepPerson } from './person-contact.ts'
import { keepSale } from '../checks/products.ts'
import { rollUp } from './roll-up.ts'
import { endShares } from '../checks/shares.ts'

/** @param before absent for a new row */
export function afterSave(
  write: Write,
  object: ObjectDef,
  before: Row | undefined,
  after: Row,
  changed: string[],
): void {
  keepCompanions(write, object, after, changed)
  keepPerson(write, object, after, changed)
  keepComment(write, object, after, changed)
  keepCopies(write, object, after, changed)
  if (before && before['OwnerId'] !== after['OwnerId']) endShares(write, object, String(after['Id']))
  if (object.name === 'OpportunityContactRole' || object.name === 'AccountContactRole')
    keepOnePrimary(write, object, after)
  if (object.name === 'Campaign' && !before) keepMemberStatuses(write, after)
  keepTotals(write, object, [before, after])
}

/** For changes the org makes by itself: what parents tell about their children. */
export function keepTotals(write: Write, object: ObjectDef, rows: (Row | undefined)[]): void {
  rollUp(write, object, rows)
  keepSale(write, object, rows)
  keepActivityDate(write, object, rows)
}
