// Rows that belong together: the roles of one opportunity or account, the statuses of one campaign.
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import type { Row } from '../../store/row.ts'

/** There is one primary role: a new one takes the place of the one before [K]. */
export function keepOnePrimary(write: Write, object: ObjectDef, row: Row): void {
  if (row['IsPrimary'] !== 1) return
  const field = object.name === 'AccountContactRole' ? 'AccountId' : 'OpportunityId'
  const changes: Row = { IsPrimary: 0, SystemModstamp: write.now() }
  for (const each of write.store.rowsWhere(object, field, row[field] ?? null)) {
    if (each['Id'] === row['Id'] || each['IsPrimary'] !== 1 || each['IsDeleted'] === 1) continue
    write.store.update(object, String(each['Id']), changes)
    write.draft.change('UPDATE', object, String(each['Id']), ['IsPrimary'], { ...each, ...changes })
  }
}

/** The statuses a new campaign begins with [K]. */
export function keepMemberStatuses(write: Write, campaign: Row): void {
  const statuses = write.catalog.get('CampaignMemberStatus')
  if (write.store.rowsWhere(statuses, 'CampaignId', campaign['Id'] ?? null).length > 0) return
  const now = write.now()
  const userId = write.caller.userId
  for (const [i, label] of ['Sent', 'Responded'].entries()) {
    write.store.insert(statuses, {
      Id: write.store.nextId(statuses),
      IsDeleted: 0,
      CampaignId: campaign['Id'] ?? null,
      Label: label,
      SortOrder: i + 1,
      IsDefault: Number(i === 0),
      HasResponded: i,
      CreatedDate: now,
      CreatedById: userId,
      LastModifiedDate: now,
      LastModifiedById: userId,
      SystemModstamp: now,
    })
  }
}
