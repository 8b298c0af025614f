// The direct relation between a contact and its account, which an org keeps as a row of AccountContactRelation.
import type { Write } from '../../rules/core.ts'
import type { Row } from '../../store/row.ts'

/** Rows for `contact` whose relation is direct; at most one is live. */
function directRows(write: Write, contactId: string): Row[] {
  const relation = write.catalog.get('AccountContactRelation')
  return write.store
    .rowsWhere(relation, 'ContactId', contactId)
    .filter((row) => row['IsDirect'] === 1 && row['IsDeleted'] === 0)
}

/** Brings the direct relation in line with `contact.AccountId`, replacing an indirect one to the same account. */
export function keepDirectRelation(
  write: Pick<Write, 'store' | 'catalog' | 'now'>,
  contact: Row,
  userId: string,
): void {
  const relation = write.catalog.get('AccountContactRelation')
  const contactId = String(contact['Id'])
  const accountId = contact['AccountId'] ?? null
  const all = write.store.rowsWhere(relation, 'ContactId', contactId).filter((row) => row['IsDeleted'] === 0)
  for (const row of all) {
    const same = row['AccountId'] === accountId
    if ((row['IsDirect'] === 1) !== same) write.store.remove(relation, String(row['Id']))
  }
  const kept = all.some((row) => row['IsDirect'] === 1 && row['AccountId'] === accountId)
  if (kept || accountId === null) return
  write.store.insert(relation, directRelation(write.store.nextId(relation), contact, userId, write.now()))
}

/** The direct relation of a contact with its account, as a new row. */
export function directRelation(id: string, contact: Row, userId: string, now: number): Row {
  return {
    Id: id,
    IsDeleted: 0,
    AccountId: contact['AccountId'] ?? null,
    ContactId: contact['Id'] ?? null,
    IsDirect: 1,
    IsActive: 1,
    CreatedDate: now,
    CreatedById: userId,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  }
}

/** The accounts a contact has a live relation with, direct or not. */
export function relatedAccounts(write: Write, contactId: string): string[] {
  const relation = write.catalog.get('AccountContactRelation')
  return write.store
    .rowsWhere(relation, 'ContactId', contactId)
    .filter((row) => row['IsDeleted'] === 0)
    .map((row) => String(row['AccountId']))
}

/** Deletes the direct relation with its contact. */
export function dropDirectRelation(write: Write, contactId: string): void {
  const relation = write.catalog.get('AccountContactRelation')
  for (const row of directRows(write, contactId)) write.store.remove(relation, String(row['Id']))
}
