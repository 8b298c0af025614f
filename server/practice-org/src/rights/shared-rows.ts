// Conditions in SQL for what rows of teams, shares, territories and rules let a user do with records.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import type { Verb } from './access-verbs.ts'
import type { Sharing } from './sharing.ts'
import { type Child, type Level, shareFields, shareName } from '../schema/share-shape.ts'
import { accountOwners, literals, type Standing } from './standing.ts'
import { quote } from '../store/store.ts'

export type { Standing } from './standing.ts'

/** Levels that allow a verb; only `All` allows to delete. */
const LEVELS: Record<Verb, readonly Level[]> = { read: ['Read', 'Edit', 'All'], edit: ['Edit', 'All'], delete: ['All'] }
const levels = (verb: Verb): string => literals(LEVELS[verb])

/** Members of a record's team, and those above them. A team never grants deletion. */
export function byTeam(object: string, alias: string, verb: Verb, holders: string): string {
  if (verb === 'delete') return '0'
  return `${alias}."Id" IN (${teamRows(object, `${object}AccessLevel`, verb, holders)})`
}

const teamRows = (object: string, level: string, verb: Verb, holders: string): string =>
  `SELECT m."${object}Id" FROM "${object}TeamMember" m WHERE m."UserId" IN (${holders}) AND m."IsDeleted" = 0 ` +
  `AND m."${level}" IN (${levels(verb)})`

/** Rows of the object's share object for one of the holders. */
export const byShares = (object: string, alias: string, verb: Verb, holders: string): string =>
  `${alias}."Id" IN (${shareRows(object, shareFields(object).level, verb, holders)})`

const shareRows = (object: string, level: string, verb: Verb, holders: string): string =>
  `SELECT s.${quote(shareFields(object).parent)} FROM ${quote(shareName(object))} s ` +
  `WHERE s."UserOrGroupId" IN (${holders}) AND s."IsDeleted" = 0 AND s."${level}" IN (${levels(verb)})`

/** Accounts assigned to one of the territories; `object` names the level that counts, `account` the column of the account. */
export function byTerritory(object: string, account: string, verb: Verb, territories: string): string {
  if (!territories) return '0'
  return (
    `${account} IN (SELECT o."ObjectId" FROM "ObjectTerritory2Association" o JOIN "Territory2" t ` +
    `ON t."Id" = o."Territory2Id" WHERE o."IsDeleted" = 0 AND o."Territory2Id" IN (${territories}) ` +
    `AND t."${object}AccessLevel" IN (${levels(verb)}))`
  )
}

/** Records that a sharing rule shares with one of the holders: conditions, of which one is enough. */
export const ruleWays = (
  sharing: Sharing,
  object: ObjectDef,
  alias: string,
  verb: Verb,
  user: Standing,
  isIndexed = false,
): string[] =>
  sharing
    .rules(object)
    .filter(({ target, access }) => user.holders.has(target) && LEVELS[verb].includes(access))
    .map((rule) => rule.where(alias, isIndexed))

/**
 * What somebody may do with a kind of child because of its account, by the account's rows: conditions on the accounts,
 * as selects of ids where few rows tell, and as conditions on the alias `a` where the account itself does.
 */
function accountGrants(sharing: Sharing, account: ObjectDef, child: Child, verb: Verb, user: Standing) {
  const level = `${child}AccessLevel`
  const owners = accountOwners(user, child, LEVELS[verb])
  const rules = sharing
    .rules(account)
    .filter(({ target, children }) => user.holders.has(target) && LEVELS[verb].includes(children[child]))
  return {
    selects: [teamRows('Account', level, verb, user.owners), shareRows('Account', level, verb, user.owners)],
    owners,
    rules,
  }
}

export interface AccountWay {
  sharing: Sharing
  account: ObjectDef
  child: Child
  verb: Verb
  user: Standing
}

/** What somebody may do with records of an account because of it: conditions, of which one is enough, for one row at a time. */
export function byAccount({ sharing, account, child, verb, user }: AccountWay, alias: string): string {
  if (verb === 'delete') return '0'
  const { selects, owners, rules } = accountGrants(sharing, account, child, verb, user)
  const column = `${alias}."AccountId"`
  const itself = [
    ...(owners.length ? [`+a."OwnerId" IN (${literals(owners)})`] : []),
    ...rules.map((rule) => rule.where('a', false)),
  ]
  const ways = [
    ...selects.map((select) => `${column} IN (${select})`),
    ...(itself.length
      ? [`EXISTS (SELECT 1 FROM "Account" a WHERE a."Id" = ${column} AND (${itself.join(' OR ')}))`]
      : []),
    ...(user.territories ? [byTerritory(child, column, verb, user.territories)] : []),
  ]
  return `(${ways.join(' OR ')})`
}

/** The same to find the rows by, all at once. */
export function accountWays({ sharing, account, child, verb, user }: AccountWay, alias: string): string[] {
  if (verb === 'delete') return []
  const { selects, owners, rules } = accountGrants(sharing, account, child, verb, user)
  const column = `${alias}."AccountId"`
  const accounts = (condition: string) => `${column} IN (SELECT a."Id" FROM "Account" a WHERE ${condition})`
  return [
    ...selects.map((select) => `${column} IN (${select})`),
    ...(owners.length ? [accounts(`a."OwnerId" IN (${literals(owners)})`)] : []),
    ...rules.map((rule) => accounts(rule.where('a', true))),
    ...(user.territories ? [byTerritory(child, column, verb, user.territories)] : []),
  ]
}

/** Children whose readers see the account, as in an org; not those that the account itself controls. */
const IMPLICIT = new Set(['Contact', 'Opportunity', 'Case'])

export const implicitChildren = (catalog: Catalog, sharing: Sharing, object: ObjectDef): ObjectDef[] =>
  catalog
    .children(object.name)
    .filter(({ child, field }) => field.name === 'AccountId' && IMPLICIT.has(child.name))
    .map(({ child }) => child)
    .filter((child) => !sharing.isControlled(child))

/** What lets a user read a child by itself, not through its account: one condition for each way. */
export function ownWays(
  sharing: Sharing,
  child: ObjectDef,
  alias: string,
  user: Standing,
  isIndexed: boolean,
): string[] {
  const ways: Record<string, () => string[]> = {
    owner: () => [`${isIndexed ? '' : '+'}${alias}."OwnerId" IN (${user.owners})`],
    team: () => [byTeam(child.name, alias, 'read', user.owners)],
    shares: () => [byShares(child.name, alias, 'read', user.owners)],
    rules: () => ruleWays(sharing, child, alias, 'read', user, isIndexed),
  }
  return sharing.ways(child).flatMap((way) => ways[way]?.() ?? [])
}

/** Implicit sharing: whoever has a contact, an opportunity or a case, or has it shared with him, sees its account. */
export function byChildren(sharing: Sharing, children: ObjectDef[], alias: string, user: Standing): string {
  const ways = children.map((child) => {
    const mine = ownWays(sharing, child, 'c', user, false).join(' OR ')
    const live = `c."AccountId" = ${alias}."Id" AND c."IsDeleted" = 0`
    return `EXISTS (SELECT 1 FROM ${quote(child.name)} c WHERE ${live} AND (${mine}))`
  })
  return ways.length ? `(${ways.join(' OR ')})` : '0'
}
