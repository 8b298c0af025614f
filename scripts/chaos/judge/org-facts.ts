// What the org itself holds about the subjects: its transaction log and its records, read as an administrator.
import type { Transaction } from '../../../server/practice-org/src/org/org.ts'
import type { Person, Row } from '../../../test/support/person.ts'
import type { Subject } from '../people/companies.ts'

export interface OrgFacts {
  /** Committed transactions of the product, in order. */
  written: Transaction[]
  /** Of leads and accounts, by id. */
  records: Map<string, Row>
  /** Tasks by the lead they are about. */
  tasks: Map<string, Row[]>
  receipts: Row[]
}

const BATCH = 100

export async function readOrg(orgUrl: string, admin: Person, subjects: readonly Subject[]): Promise<OrgFacts> {
  const { items } = (await (await fetch(`${orgUrl}/practice/transactions`)).json()) as { items: Transaction[] }
  const leads = subjects.map(({ lead }) => lead)
  const accounts = subjects.flatMap(({ survivor, loser }) => [survivor, ...(loser ? [loser] : [])])
  const read = async (select: string, by: string, ids: readonly string[]) => {
    const rows: Row[] = []
    for (let from = 0; from < ids.length; from += BATCH) {
      const list = ids.slice(from, from + BATCH).join("','")
      rows.push(...(await admin.query(`${select} WHERE ${by} IN ('${list}')`, true)))
    }
    return rows
  }
  const leadRows = await read('SELECT Id, Matched_Account__c, IsDeleted FROM Lead', 'Id', leads)
  const accountRows = await read('SELECT Id, IsDeleted, MasterRecordId FROM Account', 'Id', accounts)
  const taskRows = await read('SELECT Id, WhoId, IsDeleted FROM Task', 'WhoId', leads)
  return {
    written: items.filter(({ committed, client }) => committed && client.startsWith('missions')),
    records: new Map([...leadRows, ...accountRows].map((row) => [row.Id, row])),
    tasks: Map.groupBy(taskRows, ({ WhoId }) => String(WhoId)),
    receipts: await allReceipts(admin),
  }
}

/** A page of a query may end before all rows are told: pages by key. */
async function allReceipts(admin: Person): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    const last = rows.at(-1)
    const after = last ? `WHERE Id > '${last.Id}'` : ''
    const page = await admin.query(`SELECT Id, Key__c FROM Mission_Receipt__c ${after} ORDER BY Id LIMIT 500`)
    rows.push(...page)
    if (page.length < 500) return rows
  }
}
