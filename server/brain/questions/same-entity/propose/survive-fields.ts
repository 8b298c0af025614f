import type { FieldValue } from '../../../../contract/values/field-value.ts'
import type { Operation } from '../../../../contract/operations/operation.ts'
import type { Source } from '../../../../contract/operations/fields.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import { secondsBetween } from '../../../../contract/values/instant.ts'
import type { MergePolicy } from '../../../knowledge/merge-policy.ts'
import { isTrue } from './account.ts'
import { isBlank, sameMeaning } from './same-meaning.ts'

type FieldChanges = Extract<Operation, { kind: 'merge' }>['fields']

export interface Survival {
  fields: FieldChanges
  /** Record each changed value comes from. */
  from: Record<string, string>
  /** Values that are on no surviving record afterwards. */
  lost: { id: string; field: string; value: string }[]
}

type Group = MergePolicy['groups'][number]

/**
 * Which values the survivor ends with. `writable` are the fields the mission may set; all others stay as they are. `amounts` are
 * fields in the record's currency: none is taken from a record of another one.
 */
export function survive(
  survivor: RecordValues,
  losers: readonly RecordValues[],
  policy: MergePolicy,
  writable: readonly string[],
  amounts: readonly string[] = [],
): Survival {
  const after: Record<string, FieldValue> = { ...survivor.values }
  const from: Record<string, string> = {}
  const fields: FieldChanges = {}
  const set = (field: string, to: FieldValue, origin: RecordValues, source: Source) => {
    after[field] = to
    from[field] = origin.id
    fields[field] = { from: survivor.values[field] ?? null, to, source }
  }
  for (const group of policy.groups) {
    const own = group.fields.filter((field) => writable.includes(field) && field in survivor.values)
    const isAmount = own.some((field) => amounts.includes(field))
    const able = isAmount ? losers.filter((loser) => isOfOneCurrency(loser, survivor)) : losers
    const winner = own.length === 0 ? survivor : winnerOf({ ...group, fields: own }, survivor, able)
    if (winner === survivor) continue
    for (const field of own) {
      const to = winner.values[field] ?? null
      if (!sameMeaning(field, winner.values, survivor.values)) set(field, to, winner, `record:${winner.id}`)
    }
  }
  for (const { field, stricter } of policy.consent) {
    const strict = losers.find(({ values }) => !isBlank(values[field]) && isTrue(values[field]) === stricter)
    if (!strict || !writable.includes(field) || isTrue(after[field]) === stricter) continue
    set(field, stricter, strict, 'rule:never make consent weaker')
  }
  return { fields, from, lost: lostValues(survivor, losers, after, policy) }
}

/** In an org with one currency no record names it. */
const isOfOneCurrency = (a: RecordValues, b: RecordValues): boolean =>
  (a.values['CurrencyIsoCode'] ?? null) === (b.values['CurrencyIsoCode'] ?? null)

/** The record a group survives from: blank groups are filled, newer ones replace, and never at the price of a value. */
function winnerOf(group: Group, survivor: RecordValues, losers: readonly RecordValues[]): RecordValues {
  if (group.rule === 'keep') return survivor
  const filled = losers.filter((loser) => !group.fields.every((field) => isBlank(loser.values[field])))
  if (group.fields.every((field) => isBlank(survivor.values[field]))) return newest(filled) ?? survivor
  const whole = filled.filter((loser) =>
    group.fields.every((field) => isBlank(survivor.values[field]) || !isBlank(loser.values[field])),
  )
  const completing = whole.filter((loser) => completes(group, survivor, loser))
  if (completing.length > 0) return newest(completing) ?? survivor
  if (group.rule !== 'newest') return survivor
  const newer = whole.filter((loser) => daysNewer(loser, survivor) >= group.days)
  return newest(newer) ?? survivor
}

/** Says everything the survivor says and more. */
function completes(group: Group, survivor: RecordValues, loser: RecordValues): boolean {
  const adds = group.fields.some((field) => isBlank(survivor.values[field]) && !isBlank(loser.values[field]))
  const agrees = group.fields.every(
    (field) => isBlank(survivor.values[field]) || sameMeaning(field, survivor.values, loser.values),
  )
  return adds && agrees
}

function newest(records: readonly RecordValues[]): RecordValues | undefined {
  const [first, ...rest] = records
  return rest.reduce((best, each) => (best && daysNewer(each, best) > 0 ? each : best), first)
}

/** Days by which the first record was changed later than the second; 0 when it is not known. */
function daysNewer(a: RecordValues, b: RecordValues): number {
  const [x, y] = [a.values['LastModifiedDate'], b.values['LastModifiedDate']]
  return typeof x === 'string' && typeof y === 'string' ? secondsBetween(y, x) / 86_400 : 0
}

/** Name and owner of a record that goes away are shown with it, not among the lost values. */
function lostValues(
  survivor: RecordValues,
  losers: readonly RecordValues[],
  after: Readonly<Record<string, FieldValue>>,
  policy: MergePolicy,
): Survival['lost'] {
  const compared = new Set([...policy.groups.flatMap(({ fields }) => fields), 'External_Id__c'])
  compared.delete('Name')
  const fields = Object.keys(survivor.values).filter((field) => compared.has(field))
  return [survivor, ...losers].flatMap(({ id, values }) =>
    fields.flatMap((field) => {
      const value = values[field]
      if (typeof value !== 'string' || isBlank(value) || sameMeaning(field, values, { ...after })) return []
      return [{ id, field, value }]
    }),
  )
}
