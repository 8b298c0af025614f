import { named } from '../../../domain/named-record.ts'
import Big from 'big.js'
import type { FieldValue } from '../../../../contract/values/field-value.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { NamedRecord } from '../../../domain/proposal.ts'

export type Child = NonNullable<RecordValues['children']>[string]['records'][number]

/** Children of a record under one relationship; none when they were not read. */
export function children(record: RecordValues, relationship: string): Child[] {
  return record.children?.[relationship]?.records ?? []
}

export function isTrue(value: FieldValue | undefined): boolean {
  return value === true || value === 'true'
}

export function openOpportunities(account: RecordValues): Child[] {
  return children(account, 'Opportunities').filter(({ values }) => !isTrue(values['IsClosed']))
}

/** Sum of decimal strings, exact; blanks count as nothing. */
export function sumOf(records: readonly Child[], field: string): Big {
  return records.reduce((sum, { values }) => {
    const value = values[field]
    return typeof value === 'string' && value !== '' ? sum.plus(value) : sum
  }, new Big(0))
}

export function relatedCount(account: RecordValues): number {
  return Object.values(account.children ?? {}).reduce((sum, { total }) => sum + total, 0)
}

export const namedChild = (object: string, child: Child): NamedRecord => named({ object, ...child })
