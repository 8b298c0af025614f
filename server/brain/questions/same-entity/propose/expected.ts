import type { Operation } from '../../../../contract/change-set.ts'
import type { Proposal } from '../../../domain/proposal.ts'

const STAMPS = ['LastModifiedDate', 'LastModifiedById', 'SystemModstamp'] as const

/** Fields that an approved write changes by itself, with the reason: read-back names them and does not count them as differences. */
export function expectedDifferences(operations: readonly Operation[]): Proposal['expected'] {
  return operations.flatMap((operation): Proposal['expected'] => {
    switch (operation.kind) {
      case 'merge': {
        const of = (field: string, reason: string) => ({
          object: operation.object,
          id: operation.survivor,
          field,
          reason,
        })
        return [
          ...STAMPS.map((field) => of(field, 'every write sets it')),
          of('CreatedDate', 'a merged account keeps the oldest creation date'),
          of('LastActivityDate', 'activities of the merged accounts count now'),
        ]
      }
      case 'update':
      case 'changeOwner': {
        const of = (field: string, reason: string) => ({ object: operation.object, id: operation.id, field, reason })
        return [
          ...STAMPS.map((field) => of(field, 'every write sets it')),
          of('LastActivityDate', 'the follow-up task counts as activity'),
          ...(operation.kind === 'changeOwner' ? [of('Owner.Name', 'it follows the owner')] : []),
        ]
      }
      default:
        return []
    }
  })
}
