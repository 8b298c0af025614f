// What a user is compared with when records are shared: himself, those he stands for, and their roles.
import type { Catalog } from '../schema/catalog.ts'
import { groupsForSuperiors, groupsOf, subordinatesOf, territoriesOf } from '../store/memberships.ts'
import type { Level } from '../schema/share-shape.ts'
import type { Store } from '../store/store.ts'
import type { Row } from '../store/row.ts'

export interface Standing {
  userId: string
  /** He, his groups, his subordinates and their groups. */
  holders: ReadonlySet<string>
  /** The same as SQL literals. */
  owners: string
  territories: string
  /** He and his subordinates, with what their roles let owners of accounts do with the accounts' children. */
  people: { id: string; role: Row | undefined }[]
}

export const literals = (ids: Iterable<string>): string =>
  [...ids].map((id) => `'${id.replaceAll("'", "''")}'`).join(', ')

export function standingOf(store: Store, catalog: Catalog, user: Row): Standing {
  const userId = String(user['Id'])
  const below = subordinatesOf(store, catalog, user)
  const holders = new Set([
    userId,
    ...groupsOf(store, catalog, user),
    ...below.flatMap((each) => [String(each['Id']), ...groupsForSuperiors(store, catalog, each)]),
  ])
  return {
    userId,
    holders,
    owners: literals(holders),
    territories: literals(territoriesOf(store, catalog, userId)),
    people: [user, ...below].map((each) => ({
      id: String(each['Id']),
      role: store.row(catalog.get('UserRole'), String(each['UserRoleId'])),
    })),
  }
}

/** Those of the people whose role lets them act at one of the levels on a kind of child of accounts they own. */
export const accountOwners = ({ people }: Standing, child: string, levels: readonly Level[]): string[] =>
  people
    .filter(({ role }) => levels.includes((role?.[`${child}AccessForAccountOwner`] ?? 'None') as Level))
    .map(({ id }) => id)
