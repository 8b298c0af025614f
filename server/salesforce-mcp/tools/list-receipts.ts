import { packaged } from '../org/names.ts'
import { quoted, runQueries } from '../org/query.ts'
import type { Tool } from '../services/services.ts'
import { receiptOf } from '../writers/receipts.ts'

/** Receipts per answer: the next one begins at the last one's time. */
const MOST = 200

export const listReceipts: Tool<'listReceipts'> = async ({ since, decision }, { services, count }) => {
  const { namespace, reader } = services
  const name = (field: string) => packaged(namespace, field)
  const fields = ['Key__c', 'Voided__c', 'Digest__c', 'Decision__c', 'Run__c', 'Approved_By__c'].map(name)
  const time = new Date(since).toISOString()
  const ofDecision = decision === undefined ? '' : ` AND ${name('Decision__c')} = ${quoted(decision)}`
  const soql =
    `SELECT Id, CreatedDate, ${fields.join(', ')} FROM ${name('Mission_Receipt__c')} ` +
    `WHERE CreatedDate >= ${time} AND ${name('Voided__c')} = false${ofDecision} ORDER BY CreatedDate, Id LIMIT ${MOST}`
  const [found] = await runQueries(reader, [{ soql }], count)
  const receipts = (found?.rows ?? []).flatMap((row) => {
    const receipt = receiptOf(namespace, row)
    if (!receipt) return []
    const { id, key, createdDate } = receipt
    const text = (field: string) => String(row[name(field)] ?? '')
    const about = { digest: text('Digest__c'), decision: text('Decision__c'), run: text('Run__c') }
    const approvedBy = text('Approved_By__c').split(',').filter(Boolean)
    return [{ id, key, createdDate, ...about, approvedBy }]
  })
  return { receipts, more: found?.rows.length === MOST, calls: count.calls }
}
