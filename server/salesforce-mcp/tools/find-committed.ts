import { openedChangeSet } from '../commit/check-approvals.ts'
import { readOrgNow } from '../commit/org-now.ts'
import { standingOutcomes } from '../commit/standing-outcomes.ts'
import type { Tool } from '../services/services.ts'
import { receiptOf, receiptQuery } from '../writers/receipts.ts'
import { outcomeOf, transactionsOf } from '../writers/transaction.ts'

export const findCommitted: Tool<'findCommitted'> = async ({ leaves }, call) => {
  const { services, count } = call
  const { document, digest, grant } = openedChangeSet(leaves, services)
  const asked = [receiptQuery(services.namespace, digest)]
  const { states, others } = await readOrgNow(call, document, grant, asked)
  const all = transactionsOf({ document, digest, anchor: null, approvers: [] }, states)
  const receipt = receiptOf(services.namespace, others[0]?.rows[0])
  const standing = receipt && !receipt.voided ? await standingOutcomes(all, receipt, call) : []
  const transactions = all.map((each) => standing.find(({ n }) => n === each.planned.n) ?? outcomeOf(each, 'notSent'))
  return { digest, transactions, calls: count.calls }
}
