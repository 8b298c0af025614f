// Names of records that were read, or that a record which was read points at.
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { objectOfId } from '../../domain/key-prefix.ts'
import { named } from '../../domain/named-record.ts'
import type { NamedRecord } from '../../domain/proposal.ts'
import type { Evidence } from '../../questions/asking/evidence.ts'

/** Parents whose names were read with a record: `OwnerId` with `Owner.Name`. */
export function parentsOf(values: Readonly<Record<string, FieldValue>>): NamedRecord[] {
  return Object.entries(values).flatMap(([path, name]) => {
    const relationship = /^(\w+)\.Name$/.exec(path)?.[1]
    const id =
      relationship === undefined ? null : (values[relationship.replace(/__r$/, '__c')] ?? values[`${relationship}Id`])
    return typeof id === 'string' && typeof name === 'string' ? [{ object: objectOfId(id), id, name }] : []
  })
}

/** Names by id. */
export function namesIn({ records, users }: Evidence): ReadonlyMap<string, string> {
  const all = Object.values(records).flat()
  return new Map([
    ...users.map(({ id, name }) => [id, name] as const),
    ...all.flatMap(({ values }) => parentsOf(values)).map(({ id, name }) => [id, name] as const),
    ...all.map((record) => [record.id, named(record).name] as const),
  ])
}
