import { z } from 'zod'
import { canonical, sha256Of } from './canonical.ts'
import { ApiName, SalesforceId, type Operation } from './change-set.ts'

/** One thing the approver must be able to do in the org right now; Apex checks each in user mode before it signs. */
export const Right = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('edit'), object: ApiName, id: SalesforceId, fields: z.array(ApiName) }),
  z.strictObject({ verb: z.literal('create'), object: ApiName, fields: z.array(ApiName) }),
  z.strictObject({ verb: z.literal('delete'), object: ApiName, id: SalesforceId }),
  z.strictObject({ verb: z.literal('transfer'), object: ApiName, id: SalesforceId }),
  z.strictObject({ verb: z.literal('convert'), object: z.literal('Lead'), id: SalesforceId }),
])
export type Right = z.infer<typeof Right>

function rightsOf(operation: Operation): Right[] {
  switch (operation.kind) {
    case 'update':
      return [
        { verb: 'edit', object: operation.object, id: operation.id, fields: Object.keys(operation.fields).sort() },
      ]
    case 'changeOwner':
      return [
        { verb: 'edit', object: operation.object, id: operation.id, fields: ['OwnerId'] },
        { verb: 'transfer', object: operation.object, id: operation.id },
      ]
    case 'create':
      return [{ verb: 'create', object: operation.object, fields: Object.keys(operation.fields).sort() }]
    case 'merge':
      return [
        {
          verb: 'edit',
          object: operation.object,
          id: operation.survivor,
          fields: Object.keys(operation.fields).sort(),
        },
        ...operation.losers.map((id): Right => ({ verb: 'delete', object: operation.object, id })),
      ]
    case 'convertLead':
      return [{ verb: 'convert', object: 'Lead', id: operation.id }]
    case 'delete':
      return [{ verb: 'delete', object: operation.object, id: operation.id }]
  }
}

/** What an approver must be able to do for these operations: no repeats, in a fixed order. */
export function rightsFor(operations: readonly Operation[]): Right[] {
  const byText = new Map(operations.flatMap(rightsOf).map((right) => [canonical(right), right]))
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, right]) => right)
}

/** What a decision token carries of the rights: SHA-256 of their canonical list. */
export function rightsHash(rights: readonly Right[]): string {
  return sha256Of(rights)
}
