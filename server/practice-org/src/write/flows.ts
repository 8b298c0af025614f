// What flows do in the same transaction once a record is saved: fields of the record, of a parent, or a new child.
import type { Saved, Write } from '../rules/core.ts'
import { refusal } from '../schema/refuse.ts'
import { type AfterRule, stored } from '../rules/rules.ts'
import type { Row } from '../store/row.ts'
import { applyChanges } from './apply.ts'
import { defaultRow } from './checks/check.ts'
import { insertNew } from './create.ts'

/** How often flows may set each other off. An org stops triggers at this depth. */
const MAX_ROUNDS = 16

/** Runs the flows of what a call saved, then those of what these saved, with the rights of the org itself. */
export function runFlows(write: Write): void {
  for (let round = 0; write.saved.length > 0; round++) {
    const [first] = write.saved
    if (round > MAX_ROUNDS && first) {
      const message = `${first.object.name}: maximum trigger depth exceeded`
      throw refusal('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, [])
    }
    for (const each of write.saved.splice(0)) follow(write, each)
  }
}

function follow(write: Write, { object, on, id, changed }: Saved): void {
  if (!write.automation.follows(object, on)) return
  const row = write.store.row(object, id)
  if (!row || row['IsDeleted'] === 1) return
  for (const rule of write.automation.after(object, on, row, changed)) carryOut(write, rule, row)
}

function carryOut(write: Write, rule: AfterRule, row: Row): void {
  const set: Row = Object.fromEntries(Object.entries(rule.set).map(([name, value]) => [name, stored(value)]))
  if (rule.create) {
    const child = write.catalog.get(rule.create.object)
    const fresh: Row = { ...defaultRow(child), ...set, [rule.create.link]: row['Id'] ?? null }
    if (child.byName.has('ownerid')) fresh['OwnerId'] ??= row['OwnerId'] ?? write.caller.userId
    insertNew(write, child, fresh, new Set([...Object.keys(set), rule.create.link]))
    return
  }
  const targetId = row[rule.lookup ?? 'Id']
  const target = typeof targetId === 'string' ? write.catalog.byPrefix(targetId) : undefined
  const before = target && typeof targetId === 'string' ? write.store.row(target, targetId) : undefined
  if (!target || !before || before['IsDeleted'] === 1) return
  // A flow that sets what is there already saves nothing, so it cannot set itself off for ever.
  if (Object.entries(set).every(([name, value]) => before[name] === value)) return
  applyChanges(write, target, before, set, new Set(Object.keys(set)))
}
