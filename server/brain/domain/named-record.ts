import type { FieldValue } from '../../contract/values/field-value.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import type { NamedRecord } from './proposal.ts'

export const NAME_FIELDS = ['Name', 'Subject', 'Title', 'CaseNumber', 'ContractNumber']

/** The first of these values that is text. */
function firstText(values: Readonly<Record<string, FieldValue>>, fields: readonly string[]): string | null {
  for (const field of fields) {
    const value = values[field]
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}

/** A record by the name people know it by. */
export function named({ object, id, values }: Pick<RecordValues, 'object' | 'id' | 'values'>): NamedRecord {
  return { object, id, name: firstText(values, NAME_FIELDS) ?? `(unnamed ${object})` }
}
