import { commit } from '../commit/run.ts'
import { approvedChangeSet } from '../commit/verify.ts'
import type { Tool } from '../services.ts'

export const commitChangeSet: Tool<'commitChangeSet'> = async ({ leaves, approvals }, call) => {
  call.services.writes.assertOn()
  const approved = await approvedChangeSet(leaves, approvals, call.services)
  const { transactions, drift } = await commit(approved, call)
  return { digest: approved.digest, transactions, drift, calls: call.count.calls }
}
