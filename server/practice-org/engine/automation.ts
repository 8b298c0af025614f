// Rules that make the org push back: validation at save, and field changes that happen a little later, as flows do.
import { z } from 'zod'
import type { ObjectDef } from './catalog.ts'
import { refusal } from './refuse.ts'
import type { Row, Store, Stored } from './store.ts'

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const condition = z.strictObject({
  field: z.string(),
  is: z.enum(['=', '!=', '<', '<=', '>', '>=', 'contains', 'blank', 'changed']),
  value: scalar.optional(),
})
const validation = z.strictObject({
  object: z.string(),
  /** All must hold for the save to be refused. */
  when: z.array(condition).min(1),
  message: z.string(),
  field: z.string().optional(),
})
const later = z.strictObject({
  object: z.string(),
  on: z.enum(['create', 'update', 'merge']),
  afterMs: z.number().int().nonnegative(),
  when: z.array(condition).default([]),
  set: z.record(z.string(), scalar),
})
export const automationSchema = z.strictObject({
  validations: z.array(validation).default([]),
  later: z.array(later).default([]),
})
export type AutomationRules = z.infer<typeof automationSchema>
type Condition = z.infer<typeof condition>

export interface Pending {
  object: string
  id: string
  changes: Record<string, Stored>
}

const stored = (value: Stored | boolean | undefined): Stored =>
  typeof value === 'boolean' ? Number(value) : (value ?? null)

export class Automation {
  private readonly store: Store
  private readonly now: () => number
  private rules: AutomationRules = { validations: [], later: [] }
  /** Spares every call a look into an empty table. */
  private mayHavePending = true

  constructor(store: Store, now: () => number) {
    this.store = store
    this.now = now
  }

  /** Replaces the rules; throws ZodError when they are not of the shape above. */
  use(rules: unknown): void {
    this.rules = automationSchema.parse(rules)
  }

  /** Refuses a save that a validation rule forbids. */
  validate(object: ObjectDef, after: Row, changed: string[]): void {
    for (const rule of this.rules.validations) {
      if (rule.object !== object.name || !rule.when.every((each) => holds(each, after, changed))) continue
      throw refusal('FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, rule.field ? [rule.field] : [])
    }
  }

  /** Remembers what shall happen to the record later. */
  schedule(object: ObjectDef, on: 'create' | 'update' | 'merge', after: Row, changed: string[]): void {
    for (const rule of this.rules.later) {
      if (rule.object !== object.name || rule.on !== on || !rule.when.every((each) => holds(each, after, changed)))
        continue
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

function holds(condition: Condition, after: Row, changed: string[]): boolean {
  const actual = after[condition.field] ?? null
  const expected = stored(condition.value)
  switch (condition.is) {
    case 'changed':
      return changed.includes(condition.field)
    case 'blank':
      return actual === null
    case 'contains':
      return String(actual ?? '')
        .toLowerCase()
        .includes(String(expected ?? '').toLowerCase())
    case '=':
      return actual === expected
    case '!=':
      return actual !== expected
    default:
      return ordered(condition.is, actual, expected)
  }
}

function ordered(operator: '<' | '<=' | '>' | '>=', a: Stored, b: Stored): boolean {
  if (a === null || b === null || typeof a !== typeof b) return false
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  return operator === '>' ? a > b : a >= b
}
