// What an org will not merge (docs/sources.md#merge); the texts are remembered only [K].
import type { OrgError } from '../org/org.ts'
import type { ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import { refusal } from '../schema/refuse.ts'
import type { Row } from '../store/row.ts'
import { relatedAccounts } from './checks/relations.ts'

export const mergeFailed = (message: string): OrgError => refusal('MERGE_FAILED', message, [])

/**
 * Refuses a merge of a record with itself, of converted leads, of a person with a company, of accounts that share a
 * contact, and one that supplies an external id.
 */
export function checkMergeable(write: Write, object: ObjectDef, master: Row, losers: Row[], given: Row): void {
  const rows = [master, ...losers]
  const ids = new Set(rows.map((row) => String(row['Id'])))
  if (ids.size !== rows.length) throw mergeFailed('A record cannot be merged with itself')
  const external = object.fields.find((field) => field.externalId && given[field.name] !== undefined)
  if (external) throw mergeFailed(`External ID fields cannot be used with merge: ${external.name}`)
  if (object.name === 'Lead' && rows.some((row) => row['IsConverted'] === 1)) {
    throw refusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [])
  }
  if (object.name !== 'Account') return
  if (losers.some((loser) => loser['IsPersonAccount'] !== master['IsPersonAccount'])) {
    throw mergeFailed('Person accounts can only be merged with other person accounts')
  }
  checkNoCommonContact(write, ids)
}

function checkNoCommonContact(write: Write, accountIds: ReadonlySet<string>): void {
  const relation = write.catalog.get('AccountContactRelation')
  for (const accountId of accountIds) {
    for (const row of write.store.rowsWhere(relation, 'AccountId', accountId)) {
      const related = relatedAccounts(write, String(row['ContactId'])).filter((id) => accountIds.has(id))
      if (row['IsDeleted'] === 1 || related.length < 2) continue
      throw mergeFailed(
        'These accounts have the same related contact. Remove the relationship of that contact to all but one of ' +
          'the accounts, then merge again.',
      )
    }
  }
}
