// The parts of a list of shares in SQL, one for each cause: kept by hand, owner, team, territory, rule, child.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import { implicitChildren } from './shared-rows.ts'
import { quote } from '../store/store.ts'
import type { ActingRule } from './sharing-rule.ts'
import { CHILDREN, type Level, LEVELS, shareFields, shareName } from '../schema/share-shape.ts'
import { CAUSE, numberSql } from '../store/share-numbers.ts'
import type { Sharing } from './sharing.ts'

interface Of {
  catalog: Catalog
  sharing: Sharing
  /** The share object. */
  object: ObjectDef
  /** What it shares. */
  shared: ObjectDef
}

/** One part: where its rows come from, and what stands in its columns. */
interface Arm {
  from: string
  where: string[]
  /** The number of the share row. */
  number: string
  parent: string
  holder: string
  /** By field of the share object. */
  levels: Record<string, string>
  cause: string
  deleted: string
  /** When and by whom it was made. */
  at: string
  by: string
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
const rank = (level: Level): number => LEVELS.indexOf(level)

/** A number for a user or a group. */
const holderSql = (id: string): string =>
  `coalesce((SELECT hu._n * 2 FROM "User" hu WHERE hu."Id" = ${id}), ` +
  `(SELECT hg._n * 2 + 1 FROM "Group" hg WHERE hg."Id" = ${id}), 0)`

/** All parts of the list of one share object, as selects of the same columns. */
export function shareSelects(of: Of): string[] {
  const { object, shared, sharing } = of
  const parts = [owner(of), ...rules(of)]
  if (shared.name === 'Account') parts.push(team(of), territory(of))
  // Who may look at every account gains nothing by a child.
  if (shared.name === 'Account' && sharing.level(shared) === 'None') parts.push(parent(of))
  if (shared.name === 'Opportunity') parts.push(team(of))
  return [kept(of), ...parts.map((part) => select(object, shared, sharing, part))]
}

/** Shares by hand; who owns the record anyway has one row, that of the owner [object reference: AccountShare]. */
function kept({ object, shared, sharing }: Of): string {
  const names = shareFields(shared.name)
  const columns = object.fields.map(({ name }) => {
    const controlled = sharing.isFixedField(object, name)
    return `${controlled ? contactLevel('k."AccountAccessLevel"') : `k.${quote(name)}`} AS ${quote(name)}`
  })
  const owned =
    `SELECT 1 FROM ${quote(shared.name)} x WHERE x."Id" = k.${quote(names.parent)} ` +
    `AND x."OwnerId" = k."UserOrGroupId"`
  const from = `${quote(object.name)} k WHERE NOT EXISTS (${owned})`
  return `SELECT k._n AS _n, ${columns.join(', ')} FROM ${from}`
}

function select(object: ObjectDef, shared: ObjectDef, sharing: Sharing, arm: Arm): string {
  const values: Record<string, string> = {
    Id: `share_id('${object.keyPrefix ?? ''}', ${arm.number})`,
    IsDeleted: arm.deleted,
    [shareFields(shared.name).parent]: arm.parent,
    UserOrGroupId: arm.holder,
    RowCause: arm.cause,
    LastModifiedDate: arm.at,
    LastModifiedById: arm.by,
    ...arm.levels,
    ...(sharing.isFixedField(object, 'ContactAccessLevel')
      ? { ContactAccessLevel: contactLevel(arm.levels['AccountAccessLevel'] ?? 'NULL') }
      : {}),
  }
  const columns = object.fields.map(({ name }) => `${values[name] ?? 'NULL'} AS ${quote(name)}`)
  const where = arm.where.length ? ` WHERE ${arm.where.join(' AND ')}` : ''
  return `SELECT ${arm.number} AS _n, ${columns.join(', ')} FROM ${arm.from}${where}`
}

/** Contacts that their account controls are shared as it is. */
const contactLevel = (account: string): string => `CASE ${account} WHEN 'Read' THEN 'Read' ELSE 'Edit' END`

/** A level that is no lower than the default, and no higher than children can be shared at. */
function atLeast(level: string, usual: Level, most: Level = 'All'): string {
  const below = LEVELS.filter((each) => rank(each) < rank(usual)).map(
    (each) => `WHEN ${text(each)} THEN ${text(usual)}`,
  )
  const above = LEVELS.filter((each) => rank(each) > rank(most)).map((each) => `WHEN ${text(each)} THEN ${text(most)}`)
  const cases = [...below, ...above]
  return cases.length ? `CASE ${level} ${cases.join(' ')} ELSE ${level} END` : level
}

/** Levels of an account's children, from what says them of each. */
function childLevels({ catalog, sharing }: Of, levelOf: (child: (typeof CHILDREN)[number]) => string) {
  return Object.fromEntries(
    CHILDREN.map((child) => [
      `${child}AccessLevel`,
      atLeast(`coalesce(${levelOf(child)}, 'None')`, sharing.level(catalog.get(child)), 'Edit'),
    ]),
  )
}

/** The owner has everything, of an account's children what his role says. */
function owner(of: Of): Arm {
  const { shared, sharing, catalog } = of
  const { level } = shareFields(shared.name)
  const byRole = (child: string): string =>
    `(SELECT r."${child}AccessForAccountOwner" FROM "User" u JOIN "UserRole" r ON r."Id" = u."UserRoleId" ` +
    `WHERE u."Id" = a."OwnerId")`
  const isControlled = sharing.isControlled(shared) && shared.controlledBy
  const changed = ownerChange(catalog, shared)
  return {
    from: `${quote(shared.name)} a`,
    where: isControlled ? [`a.${quote(isControlled)} IS NULL`] : [],
    number: numberSql('a._n', CAUSE.owner, holderSql('a."OwnerId"')),
    parent: 'a."Id"',
    holder: 'a."OwnerId"',
    levels: { [level]: `'All'`, ...(shared.name === 'Account' ? childLevels(of, byRole) : {}) },
    cause: `'Owner'`,
    deleted: deletedOf(shared),
    at: `coalesce(${changed('CreatedDate')}, a."CreatedDate")`,
    by: `coalesce(${changed('CreatedById')}, a."CreatedById")`,
  }
}

const deletedOf = (object: ObjectDef): string => (object.hasIsDeleted ? 'a."IsDeleted"' : '0')

/** When and by whom a record was given to its owner, as far as its history tells. */
function ownerChange(catalog: Catalog, object: ObjectDef): (column: string) => string {
  const history = object.history && object.byName.get('ownerid')?.tracked ? catalog.find(object.history) : undefined
  const parent = history?.fields.find(({ referenceTo }) => referenceTo.includes(object.name))
  if (!history || !parent) return () => 'NULL'
  return (column) =>
    `(SELECT h.${quote(column)} FROM ${quote(history.name)} h WHERE h.${quote(parent.name)} = a."Id" ` +
    `AND h."Field" = 'Owner' ORDER BY h._n DESC LIMIT 1)`
}

function team(of: Of): Arm {
  const { shared, sharing } = of
  const { level, parent } = shareFields(shared.name)
  const isAccount = shared.name === 'Account'
  const given = [level, ...(isAccount ? CHILDREN.map((child) => `${child}AccessLevel`) : [])]
  return {
    from: `"${shared.name}TeamMember" m`,
    where: [`(${given.map((each) => `m."${each}" <> 'None'`).join(' OR ')})`],
    number: numberSql('m._n', CAUSE.team, '0'),
    parent: `m.${quote(parent)}`,
    holder: 'm."UserId"',
    levels: {
      [level]: atLeast(`m.${quote(level)}`, sharing.level(shared)),
      ...(isAccount ? childLevels(of, (child) => `m."${child}AccessLevel"`) : {}),
    },
    cause: `'Team'`,
    deleted: 'm."IsDeleted"',
    at: 'm."LastModifiedDate"',
    by: 'm."LastModifiedById"',
  }
}

function territory(of: Of): Arm {
  const { shared, sharing } = of
  const level = shareFields(shared.name).level
  return {
    from:
      `"ObjectTerritory2Association" o JOIN "Territory2" t ON t."Id" = o."Territory2Id" ` +
      `JOIN "Territory2Model" tm ON tm."Id" = t."Territory2ModelId" AND tm."State" = 'Active' ` +
      `JOIN "Group" g ON g."RelatedId" = t."Id" AND g."Type" = 'Territory'`,
    where: [],
    number: numberSql('o._n', CAUSE.territory, '0'),
    parent: 'o."ObjectId"',
    holder: 'g."Id"',
    levels: {
      [level]: atLeast(`t.${quote(level)}`, sharing.level(shared)),
      ...childLevels(of, (child) => `t."${child}AccessLevel"`),
    },
    cause: `CASE o."AssociationCause" WHEN 'Territory2Manual' THEN 'Territory2AssociationManual' ELSE 'Territory' END`,
    deleted: 'o."IsDeleted"',
    at: 'o."LastModifiedDate"',
    by: 'o."LastModifiedById"',
  }
}

/** One row for a record and a group, however many rules share it with them, at the highest level of each. */
function rules(of: Of): Arm[] {
  const { shared, sharing, catalog } = of
  const { level } = shareFields(shared.name)
  const some = (list: ActingRule[]): string => list.map((rule) => rule.where('a', true)).join(' OR ') || '0'
  const highest = (list: ActingRule[], levelOf: (rule: ActingRule) => Level): string => {
    const at = (wanted: Level) => some(list.filter((rule) => levelOf(rule) === wanted))
    return `CASE WHEN ${at('Edit')} THEN 'Edit' WHEN ${at('Read')} THEN 'Read' ELSE 'None' END`
  }
  const isMore = ({ access, children }: ActingRule): boolean =>
    rank(access) > rank(sharing.level(shared)) ||
    CHILDREN.some(
      (child) => shared.name === 'Account' && rank(children[child]) > rank(sharing.level(catalog.get(child))),
    )
  const byTarget = Map.groupBy(sharing.rules(shared).filter(isMore), ({ target }) => target)
  return [...byTarget].map(([target, list]) => ({
    from: `${quote(shared.name)} a`,
    where: [`(${some(list)})`],
    number: numberSql('a._n', CAUSE.rule, holderSql(text(target))),
    parent: 'a."Id"',
    holder: text(target),
    levels: {
      [level]: atLeast(
        highest(list, ({ access }) => access),
        sharing.level(shared),
      ),
      ...(shared.name === 'Account'
        ? childLevels(of, (child) => highest(list, ({ children }) => children[child]))
        : {}),
    },
    cause: `'Rule'`,
    deleted: deletedOf(shared),
    at: 'a."CreatedDate"',
    by: 'a."CreatedById"',
  }))
}

/** Accounts that somebody sees because of a child; not where he owns them, or has them shared by hand. */
function parent(of: Of): Arm {
  const { catalog, sharing, shared } = of
  const children = implicitChildren(catalog, sharing, shared)
  const sources = children.flatMap((child) => through(sharing, child))
  const nothing = 'SELECT NULL AS account, NULL AS holder WHERE 0'
  const manual =
    `SELECT 1 FROM "AccountShare" k WHERE k."AccountId" = s.account AND k."UserOrGroupId" = s.holder ` +
    `AND k."IsDeleted" = 0`
  return {
    from:
      `(SELECT DISTINCT account, holder FROM (${sources.join(' UNION ALL ') || nothing})) s ` +
      `CROSS JOIN "Account" a ON a."Id" = s.account`,
    where: ['s.holder <> a."OwnerId"', `NOT EXISTS (${manual})`],
    number: numberSql('a._n', CAUSE.parent, holderSql('s.holder')),
    parent: 's.account',
    holder: 's.holder',
    levels: { AccountAccessLevel: atLeast(`'Read'`, sharing.level(shared)), ...childLevels(of, () => `'None'`) },
    cause: `'ImplicitParent'`,
    deleted: 'a."IsDeleted"',
    at: 'a."CreatedDate"',
    by: 'a."CreatedById"',
  }
}

/** Who has a child, or has it shared with him, by account. */
function through(sharing: Sharing, child: ObjectDef): string[] {
  const live = `c."IsDeleted" = 0 AND c."AccountId" IS NOT NULL`
  const rows = (holder: string, from: string, where: string): string =>
    `SELECT c."AccountId" AS account, ${holder} AS holder FROM ${from} WHERE ${live}${where}`
  const table = `${quote(child.name)} c`
  const { parent: lookup } = shareFields(child.name)
  const joined = (other: string, alias: string) =>
    `${quote(other)} ${alias} JOIN ${table} ON c."Id" = ${alias}.${quote(lookup)}`
  const ways = sharing.ways(child)
  return [
    rows('c."OwnerId"', table, ''),
    ...(ways.includes('team')
      ? [
          rows(
            'm."UserId"',
            joined(`${child.name}TeamMember`, 'm'),
            ` AND m."IsDeleted" = 0 AND m."${child.name}AccessLevel" <> 'None'`,
          ),
        ]
      : []),
    ...(ways.includes('shares')
      ? [rows('k."UserOrGroupId"', joined(shareName(child.name), 'k'), ' AND k."IsDeleted" = 0')]
      : []),
    ...sharing.rules(child).map((rule) => rows(text(rule.target), table, ` AND ${rule.where('c', true)}`)),
  ]
}
