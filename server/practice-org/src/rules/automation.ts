// What an org does at and after a save because its administrator said so: validation, locks, field changes now and later.
import type { ObjectDef } from '../schema/catalog.ts'
import { normalizeId } from '../schema/ids.ts'
import { refusal } from '../schema/refuse.ts'
import {
  type AfterRule,
  type AutomationRules,
  automationSchema,
  type Condition,
  type DuplicateRule,
  holds,
  type RollUp,
  stored,
} from './rules.ts'
import type { Store } from '../store/store.ts'
import type { Row, Stored } from '../store/row.ts'

export interface Pending {
  object: string
  id: string
  changes: Record<string, Stored>
}

export class Automation {
  private readonly store: Store
  private readonly now: () => number
  private rules: AutomationRules = automationSchema.parse({})
  private locks: { ids: Set<string>; left: number }[] = []
  /** Spares every call a look into an empty table. */
  private mayHavePending = true
  /** Called when a row lock has refused a write: it may have one try less. */
  onRowLock: () => void = () => {}

  constructor(store: Store, now: () => number) {
    this.store = store
    this.now = now
  }

  /** Replaces the rules; throws ZodError when they are not of the shape in `rules.ts`. */
  use(rules: unknown): void {
    this.rules = automationSchema.parse(rules)
    this.locks = this.rules.rowLocks.map(({ ids, times }) => ({
      ids: new Set(ids.map((id) => normalizeId(id) ?? id)),
      left: times ?? Number.POSITIVE_INFINITY,
    }))
  }

  /** The rules in force, with the tries that row locks still have. */
  get current(): AutomationRules {
    const rowLocks = this.rules.rowLocks.flatMap((lock, n) => {
      if (lock.times === undefined) return [lock]
      const times = this.locks[n]?.left ?? 0
      return times > 0 ? [{ ...lock, times }] : []
    })
    return { ...this.rules, rowLocks }
  }

  /** The fields that before-save rules set on a row about to be saved. */
  before(object: ObjectDef, on: 'create' | 'update', after: Row, changed: readonly string[]): Row {
    const set: Row = {}
    for (const rule of this.rules.before) {
      if (rule.object !== object.name || rule.on !== on || !all(rule.when, { ...after, ...set }, changed)) continue
      for (const [name, value] of Object.entries(rule.set)) set[name] = stored(value)
    }
    return set
  }

  /** Refuses a save that a validation rule or a dependent picklist forbids. */
  validate(object: ObjectDef, after: Row, changed: string[]): void {
    for (const rule of this.rules.dependentPicklists) {
      const value = after[rule.field] ?? null
      const involved = changed.includes(rule.field) || changed.includes(rule.controlledBy)
      if (rule.object !== object.name || value === null || !involved) continue
      if (rule.allowed[String(after[rule.controlledBy])]?.includes(String(value))) continue
      const what = rule.field.toLowerCase()
      throw refusal(
        'FIELD_INTEGRITY_EXCEPTION',
        `There's a problem with this ${what}, even though it may appear correct. Please select a ${what} from the list of valid values.`,
        [rule.field],
      )
    }
    for (const rule of this.rules.validations) {
      if (rule.object !== object.name || !all(rule.when, after, changed)) continue
      throw refusal('FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, rule.field ? [rule.field] : [])
    }
  }

  /** Refuses what a trigger of the object refuses. */
  trigger(object: ObjectDef, on: 'create' | 'update' | 'delete', row: Row, changed: readonly string[]): void {
    const verb = { create: 'Insert', update: 'Update', delete: 'Delete' }[on]
    for (const rule of this.rules.triggers) {
      if (rule.object !== object.name || rule.on !== on || !all(rule.when, row, changed)) continue
      const message = `${rule.name}: execution of Before${verb}\n\ncaused by: ${rule.message}`
      throw refusal('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, [])
    }
  }

  /** Whether any flow looks at such a save at all. */
  follows(object: ObjectDef, on: 'create' | 'update'): boolean {
    return this.rules.after.some((rule) => rule.object === object.name && rule.on === on)
  }

  /** What flows do once a record is saved. */
  after(object: ObjectDef, on: 'create' | 'update', row: Row, changed: readonly string[]): AfterRule[] {
    return this.rules.after.filter(
      (rule) => rule.object === object.name && rule.on === on && all(rule.when, row, changed),
    )
  }

  /** Refuses a lookup to a record that its filter leaves out. */
  checkLookup(object: ObjectDef, field: string, target: Row): void {
    for (const rule of this.rules.lookupFilters) {
      if (rule.object !== object.name || rule.field !== field || all(rule.when, target, [])) continue
      throw refusal('FIELD_FILTER_VALIDATION_EXCEPTION', rule.message, [field])
    }
  }

  /** The record types people of a profile may use; undefined when no rule says so. */
  recordTypes(object: ObjectDef, profile: string): AutomationRules['recordTypes'][number] | undefined {
    return this.rules.recordTypes.find((rule) => rule.object === object.name && rule.profile === profile)
  }

  /** The picklists that have values of their own under a record type. */
  recordTypePicklists(object: ObjectDef, recordType: string): AutomationRules['recordTypePicklists'] {
    return this.rules.recordTypePicklists.filter(
      (rule) => rule.object === object.name && rule.recordType === recordType,
    )
  }

  /** The page layouts of an object that were ordered, with their places in the order. */
  pageLayouts(object: string): Ordered<AutomationRules['pageLayouts'][number]>[] {
    return placed(object, this.rules.pageLayouts)
  }

  compactLayouts(object: string): Ordered<AutomationRules['compactLayouts'][number]>[] {
    return placed(object, this.rules.compactLayouts)
  }

  /** What the order says about sharing. */
  get sharing(): AutomationRules['sharing'] {
    return this.rules.sharing
  }

  get storageRows(): number | undefined {
    return this.rules.storageRows
  }

  /** Whether an approval process holds the row. */
  isHeld(object: ObjectDef, row: Row): boolean {
    return this.rules.approvalLocks.some((lock) => lock.object === object.name && all(lock.when, row, []))
  }

  /** Refuses a write that touches a row another transaction holds: the record itself or a parent of it. */
  checkRowLocks(object: ObjectDef, row: Row): void {
    if (this.locks.length === 0) return
    const ids = object.fields.filter(({ type }) => type === 'reference' || type === 'id').map(({ name }) => row[name])
    for (const lock of this.locks) {
      const id = ids.find((each) => typeof each === 'string' && lock.ids.has(each))
      if (lock.left <= 0 || typeof id !== 'string') continue
      lock.left -= 1
      this.onRowLock()
      const message = `unable to obtain exclusive access to this record or 1 records: ${id}`
      throw refusal('UNABLE_TO_LOCK_ROW', message, [])
    }
  }

  duplicateRules(object: ObjectDef): DuplicateRule[] {
    return this.rules.duplicateRules.filter((rule) => rule.object === object.name)
  }

  /** The dependent picklists that were ordered from outside. */
  get dependencies(): AutomationRules['dependentPicklists'] {
    return this.rules.dependentPicklists
  }

  rollUps(child: ObjectDef): RollUp[] {
    return this.rules.rollUps.filter((rule) => rule.child === child.name)
  }

  get queryTimeoutRows(): number | undefined {
    return this.rules.queryTimeoutRows
  }

  /** Remembers what shall happen to the record later. */
  schedule(object: ObjectDef, on: 'create' | 'update' | 'merge', after: Row, changed: string[]): void {
    for (const rule of this.rules.later) {
      if (rule.object !== object.name || rule.on !== on || !all(rule.when, after, changed)) continue
      const changes = Object.fromEntries(Object.entries(rule.set).map(([name, value]) => [name, stored(value)]))
      const dueAt = this.now() + rule.afterMs
      this.store.run('INSERT INTO _pending(dueAt, object, id, changes) VALUES (?, ?, ?, ?)', [
        dueAt,
        object.name,
        after['Id'] ?? null,
        JSON.stringify(changes),
      ])
      this.mayHavePending = true
    }
  }

  /** After a rollback, what is pending must be looked up again. */
  recheck(): void {
    this.mayHavePending = true
  }

  /** Takes the changes that are due by now. */
  due(): Pending[] {
    if (!this.mayHavePending) return []
    const rows = this.store.select('SELECT n, object, id, changes FROM _pending WHERE dueAt <= ? ORDER BY dueAt, n', [
      this.now(),
    ])
    for (const [n] of rows) this.store.run('DELETE FROM _pending WHERE n = ?', [n ?? null])
    this.mayHavePending = Number(this.store.select('SELECT count(*) FROM _pending', [])[0]?.[0]) > 0
    return rows.map(([, object, id, changes]) => ({
      object: String(object),
      id: String(id),
      changes: JSON.parse(String(changes)) as Record<string, Stored>,
    }))
  }
}

/** A rule and its place in the order. */
interface Ordered<T> {
  rule: T
  n: number
}

const placed = <T extends { object: string }>(object: string, rules: T[]): Ordered<T>[] =>
  rules.map((rule, n) => ({ rule, n })).filter(({ rule }) => rule.object === object)

const all = (conditions: Condition[], after: Row, changed: readonly string[]): boolean =>
  conditions.every((each) => holds(each, after, changed))
