// Manual shares: who may make them, at which levels, and when an org takes them back (docs/sources.md#shares).
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { noAccessTo, refusal } from '../../schema/refuse.ts'
import { type Child, LEVELS, type Level, shareFields } from '../../schema/share-shape.ts'
import type { Row } from '../../store/row.ts'

const rank = (level: unknown): number => LEVELS.indexOf((level ?? 'None') as Level)

/** Only whoever may do everything with a record shares it, only by hand, and only for more than everybody has. */
export function checkShare(write: Write, object: ObjectDef, before: Row | undefined, row: Row): void {
  const target = write.sharing.sharedBy(object)
  if (!target) return
  const id = String(row[shareFields(target.name).parent])
  if (!write.user.sharedRow(target, id, 'delete')) throw noAccessTo(id)
  if (!before && row['RowCause'] !== 'Manual') {
    const message = `Row Cause: shares of the cause ${String(row['RowCause'])} are made by the system alone`
    throw refusal('FIELD_INTEGRITY_EXCEPTION', message, ['RowCause'])
  }
  if (target.name === 'Account') checkAccountLevels(write, target, row)
  else checkLevel(write, target, row)
}

/** [repository fixtures: the words, and that `All` is refused with INVALID_ACCESS_LEVEL] */
function checkLevel(write: Write, target: ObjectDef, row: Row): void {
  const { level } = shareFields(target.name)
  const [wanted, usual] = [String(row[level]), write.sharing.level(target)]
  if (wanted === 'All') throw refusal('INVALID_ACCESS_LEVEL', `${level} (All is not a level to share at)`, [level])
  if (rank(wanted) > rank(usual)) return
  const message = `${level} (trivial share level ${wanted}, for organization with default level ${usual})`
  throw refusal('FIELD_INTEGRITY_EXCEPTION', message, [level])
}

const ACCOUNT_LEVELS = ['AccountAccessLevel', 'OpportunityAccessLevel', 'CaseAccessLevel']
/** Levels for the account and its children: none below the defaults, one above. [blog: shares of accounts] */
function checkAccountLevels(write: Write, account: ObjectDef, row: Row): void {
  const { sharing, catalog } = write
  const objects = [account, ...['Opportunity', 'Case', 'Contact'].map((name) => catalog.get(name))]
  const wanted = objects.map((object) =>
    sharing.isControlled(object) ? contactLevel(row['AccountAccessLevel']) : String(row[`${object.name}AccessLevel`]),
  )
  const usual = objects.map((object) => rank(sharing.level(object)))
  const counted = objects.map((object, n) => !sharing.isControlled(object) && rank(wanted[n]) - (usual[n] ?? 0))
  const isBelow = counted.some((more) => more !== false && more < 0)
  if (wanted[0] !== 'All' && !isBelow && counted.some((more) => more !== false && more > 0)) return
  throw refusal(
    'INVALID_ACCESS_LEVEL',
    `(Account, Opportunity, Case Levels, Con Levels (${wanted.join(', ')}) are below organization levels ` +
      `(${objects.map(sharing.spelled).join(', ')}))`,
    ACCOUNT_LEVELS,
  )
}

/** What contacts that their account controls are shared as along with it. */
const contactLevel = (account: unknown): string => (account === 'Read' ? 'Read' : 'Edit')

/** Levels that a new share of an account does not name are the defaults. */
export function fillLevels(write: Write, object: ObjectDef, row: Row, given: Row): void {
  if (object.name !== 'AccountShare') return
  for (const name of ['Opportunity', 'Case', 'Contact'] satisfies Child[]) {
    const field = `${name}AccessLevel`
    if (given[field] === undefined) row[field] = write.sharing.level(write.catalog.get(name))
  }
}

/** The share of the same record with the same user or group: an org keeps one, with the level asked for last. */
export function sameShare(write: Write, object: ObjectDef, row: Row): Row | undefined {
  const target = write.sharing.sharedBy(object)
  if (!target) return undefined
  const { parent } = shareFields(target.name)
  const record = write.store.row(target, String(row[parent]))
  // Its owner has all of it: one row says so, whoever shares it with him.
  if (record && record['OwnerId'] === row['UserOrGroupId']) {
    const Id = write.user.shares.ownerShare(object, record)
    if (Id !== undefined) return { ...row, Id }
  }
  return write.store
    .rowsWhere(object, parent, row[parent] ?? null)
    .find(
      (each) =>
        each['IsDeleted'] === 0 && each['RowCause'] === 'Manual' && each['UserOrGroupId'] === row['UserOrGroupId'],
    )
}

/** What the former owner shared by hand ends with a new owner. */
export function endShares(write: Write, object: ObjectDef, id: string): void {
  const shares = write.sharing.shareObject(object)
  if (!shares) return
  for (const row of write.store.rowsWhere(shares, shareFields(object.name).parent, id)) {
    if (row['RowCause'] === 'Manual') write.store.remove(shares, String(row['Id']))
  }
}
