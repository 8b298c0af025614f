// Totals that parents keep of their children, as roll-up summary fields do.
import type { ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import { holds, type RollUp } from '../rules.ts'
import type { Row } from '../store.ts'
import { recordChanges } from './history.ts'

/** To be called after a child was stored; `rows` are its states before and after: a moved child concerns two parents. */
export function rollUp(write: Write, child: ObjectDef, rows: (Row | undefined)[]): void {
  for (const rule of write.automation.rollUps(child)) {
    const parents = new Set(rows.map((row) => row?.[rule.lookup]).filter((id) => typeof id === 'string'))
    for (const id of parents) recount(write, child, rule, id)
  }
}

function recount(write: Write, child: ObjectDef, rule: RollUp, id: string): void {
  const object = write.catalog.get(rule.parent)
  const row = write.store.row(object, id)
  if (!row) return
  const children = write.store
    .rowsWhere(child, rule.lookup, id)
    .filter((each) => each['IsDeleted'] !== 1 && rule.when.every((when) => holds(when, each, [])))
  const { sum } = rule
  const total = sum ? children.reduce((so, each) => so + Number(each[sum] ?? 0), 0) : children.length
  if (row[rule.field] === total) return
  const changes: Row = { [rule.field]: total, SystemModstamp: write.now() }
  write.store.update(object, id, changes)
  const after = { ...row, ...changes }
  recordChanges(write, object, row, after, [rule.field])
  write.draft.change('UPDATE', object, id, [rule.field], after)
}
