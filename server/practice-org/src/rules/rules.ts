// The rules by which an org pushes back, as data: what `setAutomation` takes.
import { z } from 'zod'
import { compactLayoutRule, pageLayoutRule } from '../org/layout-rules.ts'
import { sharingSchema } from '../schema/share-shape.ts'
import type { Row, Stored } from '../store/row.ts'

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
/** Fields set in the save itself, before it is validated, as before-save flows do. */
const before = z.strictObject({
  object: z.string(),
  on: z.enum(['create', 'update']),
  when: z.array(condition).default([]),
  set: z.record(z.string(), scalar),
})
/** What a flow does in the same transaction, once the record is saved; what refuses there refuses the save. */
const after = z.strictObject({
  object: z.string(),
  on: z.enum(['create', 'update']),
  when: z.array(condition).default([]),
  /** Fields of the record itself, or of the parent that `lookup` names, or of a new child. */
  set: z.record(z.string(), scalar),
  lookup: z.string().optional(),
  /** The object of the child to make, and its field that points at the record. */
  create: z.strictObject({ object: z.string(), link: z.string() }).optional(),
})
/** A trigger that fails: its error is the org's, with the trigger's name in it. */
const trigger = z.strictObject({
  name: z.string(),
  object: z.string(),
  on: z.enum(['create', 'update', 'delete']),
  when: z.array(condition).default([]),
  message: z.string(),
})
/** Which records a lookup may point at. */
const lookupFilter = z.strictObject({
  object: z.string(),
  field: z.string(),
  /** Conditions on the record that is pointed at. */
  when: z.array(condition).min(1),
  message: z.string().default('Value does not exist or does not match filter criteria.'),
})
/** Record types of an object that people of a profile may use, by developer name; no rule: all of them, none by default. */
const recordTypeRule = z.strictObject({
  object: z.string(),
  profile: z.string(),
  available: z.array(z.string()),
  default: z.string().optional(),
  /** For accounts that are made with a last name; without it the first that may be used. */
  personDefault: z.string().optional(),
})
/** Values of a picklist under a record type, and the one that new records begin with: without it the field's own. */
const recordTypePicklist = z.strictObject({
  object: z.string(),
  recordType: z.string(),
  field: z.string(),
  values: z.array(z.string()),
  default: z.string().optional(),
})
const later = z.strictObject({
  object: z.string(),
  on: z.enum(['create', 'update', 'merge']),
  afterMs: z.number().int().nonnegative(),
  when: z.array(condition).default([]),
  set: z.record(z.string(), scalar),
})
const comparison = z.strictObject({
  field: z.string(),
  method: z.enum(['exact', 'company', 'person', 'lastName', 'title', 'phone', 'street', 'domain']),
})
const duplicateRule = z.strictObject({
  object: z.string(),
  name: z.string().optional(),
  matchingRule: z.string().optional(),
  /** `alert` lets the save pass when its header allows it, `block` never does, `allow` always and without a word. */
  action: z.enum(['alert', 'block', 'allow']).default('alert'),
  /** Whether saves that pass are written down, as DuplicateRecordSet and its items. */
  report: z.boolean().default(false),
  message: z.string().default('Use one of these records?'),
  /** `enforce` compares with records the caller sees; `bypass` with all, and keeps from him which others were found. */
  sharing: z.enum(['enforce', 'bypass']).default('enforce'),
  /** Alternatives, each a list of fields that must all match; without them the object's standard rule. */
  match: z.array(z.array(comparison).min(1)).optional(),
})
/** Rows an approval process holds: only an administrator changes them. */
const approvalLock = z.strictObject({ object: z.string(), when: z.array(condition).min(1) })
/** Rows another transaction holds, for so many tries; whoever writes them or their children is refused. */
const rowLock = z.strictObject({ ids: z.array(z.string()).min(1), times: z.number().int().positive().optional() })
const dependentPicklist = z.strictObject({
  object: z.string(),
  field: z.string(),
  controlledBy: z.string(),
  /** Values allowed under each value of the controlling field. */
  allowed: z.record(z.string(), z.array(z.string())),
})
/** A total a parent keeps of its live children; written silently, with a fresh stamp. */
const rollUp = z.strictObject({
  parent: z.string(),
  field: z.string(),
  child: z.string(),
  lookup: z.string(),
  /** Without a field to sum or compare, rows are counted. */
  sum: z.string().optional(),
  min: z.string().optional(),
  max: z.string().optional(),
  when: z.array(condition).default([]),
})

export const automationSchema = z.strictObject({
  validations: z.array(validation).default([]),
  before: z.array(before).default([]),
  after: z.array(after).default([]),
  triggers: z.array(trigger).default([]),
  later: z.array(later).default([]),
  duplicateRules: z.array(duplicateRule).default([]),
  approvalLocks: z.array(approvalLock).default([]),
  rowLocks: z.array(rowLock).default([]),
  dependentPicklists: z.array(dependentPicklist).default([]),
  lookupFilters: z.array(lookupFilter).default([]),
  recordTypes: z.array(recordTypeRule).default([]),
  recordTypePicklists: z.array(recordTypePicklist).default([]),
  rollUps: z.array(rollUp).default([]),
  pageLayouts: z.array(pageLayoutRule).default([]),
  compactLayouts: z.array(compactLayoutRule).default([]),
  /** Organization-wide defaults and sharing rules. */
  sharing: sharingSchema.optional(),
  /** Tables with more rows than this refuse filters that no index helps, with QUERY_TIMEOUT. */
  queryTimeoutRows: z.number().int().positive().optional(),
  /** Once so many records are kept, creating another is refused with STORAGE_LIMIT_EXCEEDED. */
  storageRows: z.number().int().positive().optional(),
})
export type AutomationRules = z.infer<typeof automationSchema>
export type Condition = z.infer<typeof condition>
export type DuplicateRule = z.infer<typeof duplicateRule>
export type Comparison = z.infer<typeof comparison>
export type RollUp = z.infer<typeof rollUp>
export type AfterRule = z.infer<typeof after>

export const stored = (value: Stored | boolean | undefined): Stored =>
  typeof value === 'boolean' ? Number(value) : (value ?? null)

/** Whether a row, with the fields that just changed, fulfils a condition. */
export function holds(condition: Condition, after: Row, changed: readonly string[]): boolean {
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
