import type { Operation } from '../../../../contract/operations/operation.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import { children, isTrue } from './account.ts'

export interface SharedContacts {
  /** Indirect relations that must go before the org will merge. */
  deletes: { operation: Extract<Operation, { kind: 'delete' }>; contactId: string; stamp: string | null }[]
  /** Values of those relations, by id. */
  before: Record<string, RecordValues['values']>
}

/**
 * An org refuses to merge accounts that share a related contact. Of each shared contact one relation may stay: the direct
 * one, else the survivor's; the indirect others are deleted, visibly, in the same change set.
 */
export function sharedContacts(survivor: RecordValues, losers: readonly RecordValues[]): SharedContacts {
  const relations = [survivor, ...losers].flatMap((account) =>
    children(account, 'AccountContactRelations').map((relation) => ({ ...relation, accountId: account.id })),
  )
  const byContact = new Map<string, typeof relations>()
  for (const relation of relations) {
    const contact = String(relation.values['ContactId'])
    byContact.set(contact, [...(byContact.get(contact) ?? []), relation])
  }
  const surplus = [...byContact].flatMap(([contactId, of]) => {
    const accounts = new Set(of.map(({ accountId }) => accountId))
    if (accounts.size < 2) return []
    const kept =
      of.find(({ values }) => isTrue(values['IsDirect'])) ??
      of.find(({ accountId }) => accountId === survivor.id) ??
      of[0]
    return of
      .filter((relation) => relation !== kept && !isTrue(relation.values['IsDirect']))
      .map((relation) => ({ ...relation, contactId }))
  })
  return {
    deletes: surplus
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, contactId, values }) => ({
        operation: { kind: 'delete', object: 'AccountContactRelation', id },
        contactId,
        stamp: typeof values['SystemModstamp'] === 'string' ? values['SystemModstamp'] : null,
      })),
    before: Object.fromEntries(surplus.map(({ id, values }) => [id, values])),
  }
}
