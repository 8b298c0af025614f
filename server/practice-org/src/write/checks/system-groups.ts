// Groups that an org keeps by itself: everybody, and the people of each role and territory.
import type { Catalog } from '../../schema/catalog.ts'
import type { Store } from '../../store/store.ts'
import type { Row } from '../../store/row.ts'
import { defaultRow } from './check.ts'

const OF: Record<string, readonly string[]> = {
  UserRole: ['Role', 'RoleAndSubordinates'],
  Territory2: ['Territory', 'TerritoryAndSubordinates'],
}

/** Objects whose rows have groups of their own. */
export const hasGroups = (object: string): boolean => object in OF

/** Makes the groups that are not there yet; their names are empty, as in an org [K]. */
export function keepSystemGroups(store: Store, catalog: Catalog, now: number, userId: string): void {
  const groups = catalog.get('Group')
  const add = (given: Row): void =>
    store.insert(groups, {
      ...defaultRow(groups),
      Id: store.nextId(groups),
      CreatedDate: now,
      CreatedById: userId,
      LastModifiedDate: now,
      LastModifiedById: userId,
      SystemModstamp: now,
      OwnerId: userId,
      ...given,
    })
  if (store.rowsWhere(groups, 'Type', 'Organization').length === 0) {
    add({ Type: 'Organization', DeveloperName: 'AllInternalUsers' })
  }
  for (const [object, types] of Object.entries(OF)) {
    for (const type of types) {
      const lacking =
        `SELECT r."Id", r."DeveloperName" FROM "${object}" r WHERE NOT EXISTS ` +
        `(SELECT 1 FROM "Group" g WHERE g."RelatedId" = r."Id" AND g."Type" = ?) ORDER BY r._n`
      for (const [RelatedId = null, DeveloperName = null] of store.select(lacking, [type])) {
        add({ Type: type, RelatedId, DeveloperName })
      }
    }
  }
}
