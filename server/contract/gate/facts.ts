// What gate lines look at, worked out of the operations and of the records as they were read, by the same rules in every house.
import Big from 'big.js'
import {
  createdBy,
  endedBy,
  fieldsSetBy,
  movedBy,
  objectOf,
  touchedBy,
  type Operation,
} from '../operations/operation.ts'
import type { RecordValues } from '../values/record-values.ts'
import type { FieldValue } from '../values/field-value.ts'
import type { RecordKey } from '../values/ids.ts'

/** Amounts are whole units, rounded down. What could not be read is left out: a line that names it counts as a match. */
export interface GateFacts {
  merge: { movesAmount?: bigint; movesRecords: bigint; losers: bigint; closedWon?: boolean }
  /** Values of the lead that the operations touch; undefined when they touch none. */
  lead?: Record<string, FieldValue>
  /** One entry per changed field and record; an operation without fields has one with an empty field. */
  changes: GateChange[]
}

export interface GateChange {
  change: { object: string; field: string; kind: string }
  /** `customer`, `personAccount`, and the mission's own facts by name. */
  record: Record<string, boolean>
}

/** The org's own checkbox fields, by the name gate lines call them: `legalHold` → `Account.Legal_Hold__c`. */
type FactFields = Readonly<Record<string, string>>

/** Facts about records that need no mention in a mission. */
export const BUILT_IN_FACTS = ['customer', 'personAccount'] as const

/** Fields of an account that the built-in facts rest on. */
export const BUILT_IN_FIELDS = ['Type', 'IsPersonAccount'] as const

/** The relationship whose amounts a merge moves, and the fields of it that facts rest on. */
export const DEALS = { relationship: 'Opportunities', fields: ['Amount', 'IsClosed', 'IsWon'] } as const

/** Fields that the facts of a merge, and those of an account, rest on. */
export const RESTS_ON: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  record: { customer: ['Account.Type'] },
  merge: { movesAmount: ['Opportunity.Amount', 'Opportunity.IsClosed'], closedWon: ['Opportunity.IsWon'] },
}

/** The record whose fields gate lines may name, and its name there. */
export const GATED_RECORD = { variable: 'lead', object: 'Lead' } as const

/** `records` are those that operations touch, as they are; a merged-away account with its opportunities. */
export function gateFactsOf(
  operations: readonly Operation[],
  records: ReadonlyMap<string, RecordValues>,
  facts: FactFields,
): GateFacts {
  const losers = operations.flatMap(endedBy).filter(({ mergedInto }) => mergedInto !== null)
  const deals = losers.map(({ record }) => dealsOf(records.get(record.id)))
  const known = deals.every((each) => each !== null) ? deals.flat() : null
  const moves = operations.flatMap(movedBy).map(({ move }) => ('ids' in move ? move.ids.length : move.count))
  const lead = leadOf(operations, records)
  return {
    merge: {
      movesRecords: BigInt(moves.reduce((sum, count) => sum + count, 0)),
      losers: BigInt(losers.length),
      ...(known && { movesAmount: openAmount(known), closedWon: known.some(({ IsWon }) => isTrue(IsWon)) }),
    },
    ...(lead && { lead: lead.values }),
    changes: operations.flatMap((operation) => changesOf(operation, records, facts)),
  }
}

type Values = RecordValues['values']

/** Null when they were not read, or not all of them. */
function dealsOf(loser: RecordValues | undefined): Values[] | null {
  const children = loser?.children?.[DEALS.relationship]
  if (!children || children.records.length < children.total) return null
  return children.records.map(({ values }) => values)
}

function openAmount(deals: readonly Values[]): bigint {
  const open = deals.filter(({ IsClosed }) => !isTrue(IsClosed))
  const amounts = open.flatMap(({ Amount }) => (typeof Amount === 'string' && Amount !== '' ? [Amount] : []))
  const sum = amounts.reduce((total, amount) => total.plus(amount), new Big(0))
  return BigInt(sum.round(0, Big.roundDown).toFixed())
}

function leadOf(
  operations: readonly Operation[],
  records: ReadonlyMap<string, RecordValues>,
): RecordValues | undefined {
  const touched = operations.flatMap(touchedBy).find(({ object }) => object === 'Lead')
  return touched && records.get(touched.id)
}

function changesOf(operation: Operation, records: ReadonlyMap<string, RecordValues>, facts: FactFields): GateChange[] {
  const { kind } = operation
  const object = objectOf(operation)
  const about: (RecordKey | null)[] = [...touchedBy(operation), ...(createdBy(operation) === null ? [] : [null])]
  return fieldsOf(operation).flatMap((field) =>
    about.map((record) => ({
      change: { object, field, kind },
      record: record ? traitsOf(record, records.get(record.id)?.values ?? {}, facts) : traitsOfNew(facts),
    })),
  )
}

/** The fields a gate sees; an operation that sets none is one change without a field. A new record's owner is no change of owner. */
function fieldsOf(operation: Operation): string[] {
  const fields = fieldsSetBy(operation).filter((field) => createdBy(operation) === null || field !== 'OwnerId')
  return fields.length > 0 ? fields : ['']
}

const traitsOfNew = (facts: FactFields): GateChange['record'] =>
  Object.fromEntries([...BUILT_IN_FACTS, ...Object.keys(facts)].map((name) => [name, false]))

function traitsOf({ object }: RecordKey, values: Values, facts: FactFields): GateChange['record'] {
  const traits: GateChange['record'] = { personAccount: isTrue(values.IsPersonAccount) }
  if (object !== 'Account') traits.customer = false
  else if (values.Type !== undefined) traits.customer = String(values.Type ?? '').startsWith('Customer')
  for (const [name, path] of Object.entries(facts)) {
    const [of, field = ''] = path.split('.')
    const value = of === object ? values[field] : false
    if (value === true || value === 'true') traits[name] = true
    else if (value === false || value === 'false') traits[name] = false
  }
  return traits
}

const isTrue = (value: FieldValue | undefined): boolean => value === true || value === 'true'
