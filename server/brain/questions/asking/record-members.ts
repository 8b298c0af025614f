import type { RecordValues } from '../../../contract/values/record-values.ts'
import { fromOrg } from '../../../contract/expressions/org-values.ts'

/** A record's id and fields as members of an expression's variable; parents' fields nest. Without a record all are blank. */
export function membersOf(
  record: Pick<RecordValues, 'id' | 'values'> | null,
  fields: readonly string[],
  types: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const members: Record<string, unknown> = { Id: record?.id ?? null }
  for (const field of fields) {
    const value = fromOrg(record?.values[field], types[field])
    const path = field.split('.')
    const last = path.pop() ?? field
    let owner = members
    for (const part of path) {
      const nested = owner[part]
      owner = owner[part] = typeof nested === 'object' && nested !== null ? (nested as Record<string, unknown>) : {}
    }
    owner[last] = value
  }
  return members
}
