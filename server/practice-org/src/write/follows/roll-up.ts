// Totals that parents keep of their children, as roll-up summary fields do.
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { holds, type RollUp } from '../../rules/rules.ts'
import type { Row, Stored } from '../../store/row.ts'
import { recordChanges } from '../checks/history.ts'

/** To be called after a child was stored; `rows` are its states before and after: a moved child concerns two parents. */
export function rollUp(write: Write, child: ObjectDef, rows: (Row | undefined)[]): void {
  for (const rule of write.automation.rollUps(child)) {
    const parents = new Set(rows.map((row) => row?.[rule.lookup]).filter((id) => typeof id === 'string'))
    for (const id of parents) recount(write, child, rule, id)
  }
}

/** Smallest and largest are blank without children that have a value; sums and counts are 0. */
function totalOf({ sum, min, max }: RollUp, children: Row[]): Stored {
  if (sum) return children.reduce((so, each) => so + Number(each[sum] ?? 0), 0)
  const compared = min ?? max
  if (compared === undefined) return children.length
  const values = children.map((each) => each[compared] ?? null).filter((value) => value !== null)
  return values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).at(min ? 0 : -1) ?? null
}

function recount(write: Write, child: ObjectDef, rule: RollUp, id: string): void {
  const object = write.catalog.get(rule.parent)
  const row = write.store.row(object, id)
  if (!row) return
  const children = write.store
    .rowsWhere(child, rule.lookup, id)
    .filter((each) => each['IsDeleted'] !== 1 && rule.when.every((when) => holds(when, each, [])))
  const total = totalOf(rule, children)
  if (row[rule.field] === total) return
  const changes: Row = { [rule.field]: total, SystemModstamp: write.now() }
  write.store.update(object, id, changes)
  const after = { ...row, ...changes }
  recordChanges(write, object, row, after, [rule.field])
  write.draft.change('UPDATE', object, id, [rule.field], after)
}
