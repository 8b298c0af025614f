import { ALWAYS_READABLE, type Grant } from '../../contract/grant.ts'
import { isIn, type Operation } from '../../contract/operations/operation.ts'
import type { ObjectSchema } from '../org/describe.ts'
import { distinctNames } from '../org/names.ts'

/** Fields of an object that a brain may learn of the records these operations touch, as far as the org has them. */
export function grantedFields(schema: ObjectSchema, grant: Grant, operations: readonly Operation[]): string[] {
  const owned = operations.some((operation) => isIn('owners', operation)) ? ['OwnerId'] : []
  const converted = operations.some((operation) => isIn('convertLead', operation))
    ? ['IsConverted', 'ConvertedAccountId', 'ConvertedContactId', 'ConvertedOpportunityId']
    : []
  const written = grant.writes[schema.name]?.fields ?? []
  const names = [...ALWAYS_READABLE, ...(grant.reads[schema.name] ?? []), ...written, ...owned, ...converted]
  return distinctNames(names).filter((name) => schema.field(name))
}
