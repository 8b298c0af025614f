// Conditions in SQL for what rows of teams, shares and territories let a user do with records.
import type { Catalog, ObjectDef } from './catalog.ts'
import type { Verb } from './rights.ts'
import { quote, type Row } from './store.ts'

/** What a user is compared with by rows that share: ids as SQL literals, and his role. */
export interface Standing {
  userId: string
  /** He, his groups and his subordinates. */
  owners: string
  territories: string
  role: Row | undefined
}

/** Levels that allow a verb; only `All` allows to delete. */
const LEVELS: Record<Verb, string> = { read: `'Read', 'Edit', 'All'`, edit: `'Edit', 'All'`, delete: `'All'` }

/** Members of a record's team. A team never grants deletion. */
export function byTeam(object: string, alias: string, verb: Verb, userId: string): string {
  if (verb === 'delete') return '0'
  return `${alias}."Id" IN (${teamRows(object, `${object}AccessLevel`, verb, userId)})`
}

const teamRows = (object: string, level: string, verb: Verb, userId: string): string =>
  `SELECT m."${object}Id" FROM "${object}TeamMember" m WHERE m."UserId" = '${userId}' AND m."IsDeleted" = 0 ` +
  `AND m."${level}" IN (${LEVELS[verb]})`

/** Rows of the object's share object for the user, his groups or his subordinates. */
export const byShares = (object: string, alias: string, verb: Verb, holders: string): string =>
  `${alias}."Id" IN (${shareRows(object, `${object}AccessLevel`, verb, holders)})`

const shareRows = (object: string, level: string, verb: Verb, holders: string): string =>
  `SELECT s."${object}Id" FROM "${object}Share" s WHERE s."UserOrGroupId" IN (${holders}) AND s."IsDeleted" = 0 ` +
  `AND s."${level}" IN (${LEVELS[verb]})`

/** Accounts assigned to one of the territories; `object` names the level that counts, `account` the column of the account. */
export function byTerritory(object: string, account: string, verb: Verb, territories: string): string {
  if (!territories) return '0'
  return (
    `${account} IN (SELECT o."ObjectId" FROM "ObjectTerritory2Association" o JOIN "Territory2" t ` +
    `ON t."Id" = o."Territory2Id" WHERE o."IsDeleted" = 0 AND o."Territory2Id" IN (${territories}) ` +
    `AND t."${object}AccessLevel" IN (${LEVELS[verb]}))`
  )
}

/** What somebody may do with cases or opportunities because of their account: conditions, of which one is enough. */
export function accountWays(object: string, alias: string, verb: Verb, user: Standing): string[] {
  if (verb === 'delete') return []
  const account = `${alias}."AccountId"`
  const level = `${object}AccessLevel`
  const byRole = String(user.role?.[`${object}AccessForAccountOwner`] ?? 'None')
  const owns = byRole === 'Edit' || (byRole === 'Read' && verb === 'read')
  return [
    `${account} IN (${teamRows('Account', level, verb, user.userId)})`,
    `${account} IN (${shareRows('Account', level, verb, user.owners)})`,
    ...(owns ? [`${account} IN (SELECT a."Id" FROM "Account" a WHERE a."OwnerId" = '${user.userId}')`] : []),
    ...(user.territories ? [byTerritory(object, account, verb, user.territories)] : []),
  ]
}

export function byAccount(object: string, alias: string, verb: Verb, user: Standing): string {
  const ways = accountWays(object, alias, verb, user)
  return ways.length ? `(${ways.join(' OR ')})` : '0'
}

/** Children whose owners see the account, as in an org. */
const IMPLICIT = new Set(['Contact', 'Opportunity', 'Case'])

export const implicitChildren = (catalog: Catalog, object: ObjectDef): string[] =>
  catalog
    .children(object.name)
    .filter(({ child, field }) => field.name === 'AccountId' && IMPLICIT.has(child.name))
    .map(({ child }) => child.name)

/** Implicit sharing: whoever owns a contact, an opportunity or a case sees its account. */
export function byChildren(children: string[], alias: string, owners: string): string {
  const ways = children.map((child) => {
    const mine = `c."IsDeleted" = 0 AND +c."OwnerId" IN (${owners})`
    return `EXISTS (SELECT 1 FROM ${quote(child)} c WHERE c."AccountId" = ${alias}."Id" AND ${mine})`
  })
  return ways.length ? `(${ways.join(' OR ')})` : '0'
}
