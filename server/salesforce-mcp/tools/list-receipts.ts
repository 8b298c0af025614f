import { packaged } from '../org/names.ts'
import { runQueries } from '../org/query.ts'
import type { Tool } from '../services/services.ts'
import { receiptOf } from '../writers/receipts.ts'

/** Receipts per answer: the next one begins at the last one's time. */
const MOST = 200

export const listReceipts: Tool<'listReceipts'> = async ({ since }, { services, count }) => {
  const { namespace, reader } = services
  const name = (field: string) => packaged(namespace, field)
  const fields = ['Key__c', 'Voided__c', 'Digest__c', 'Decision__c', 'Run__c'].map(name)
  const time = new Date(since).toISOString()
  const soql =
    `SELECT Id, CreatedDate, ${fields.join(', ')} FROM ${name('Mission_Receipt__c')} ` +
    `WHERE CreatedDate >= ${time} AND ${name('Voided__c')} = false ORDER BY CreatedDate, Id LIMIT ${MOST}`
  const [found] = await runQueries(reader, [{ soql }], count)
  const receipts = (found?.rows ?? []).flatMap((row) => {
    const receipt = receiptOf(namespace, row)
    if (!receipt) return []
    const { id, key, createdDate } = receipt
    const text = (field: string) => String(row[name(field)] ?? '')
    return [{ id, key, createdDate, digest: text('Digest__c'), decision: text('Decision__c'), run: text('Run__c') }]
  })
  return { receipts, more: found?.rows.length === MOST, calls: count.calls }
}
