import { failureOf, ToolFailure } from '../failure/failure.ts'
import { errorOf, writeTogether } from '../org/composite.ts'
import { runQueries } from '../org/query.ts'
import type { Tool } from '../services/services.ts'
import { receiptOf, receiptQuery, receiptRequest } from '../writers/receipts.ts'

/**
 * Takes the receipt's unique key in the org, so that the org refuses every later commit of this change set. It wants no approval:
 * it writes nothing but this mark, and only narrows what may be written.
 */
export const voidChangeSet: Tool<'voidChangeSet'> = async ({ digest, decision, run, mission }, { services, count }) => {
  const { namespace, writer } = services
  services.writes.assertOn()
  const about = { decision, digest, run, mission, transaction: 1, anchor: null, approvedBy: [], voided: true }
  const [response] = await writeTogether(writer, [receiptRequest(about, namespace, 'mark')], count)
  const error = response && errorOf(response)
  if (!error) return { voided: true, receipt: null, calls: count.calls }
  if (error.code !== 'DUPLICATE_VALUE') throw failureOf(error.code, error.message, response.status)
  const [found] = await runQueries(writer, [receiptQuery(namespace, digest)], count)
  const receipt = receiptOf(namespace, found?.rows[0])
  if (!receipt) throw new ToolFailure('unavailable', 'the org holds the key of a receipt that it does not show')
  const { voided, id, key, createdDate } = receipt
  return { voided, receipt: voided ? null : { id, key, createdDate }, calls: count.calls }
}
