import { commit } from '../commit/commit.ts'
import { approvedChangeSet } from '../commit/check-approvals.ts'
import type { Tool } from '../services/services.ts'

export const commitChangeSet: Tool<'commitChangeSet'> = async ({ leaves, approvals, anchor = null }, call) => {
  const { services, count } = call
  services.writes.assertOn()
  const approved = await approvedChangeSet(leaves, approvals, services)
  const writes = services.writes.ofMission(approved.grant.mission)
  writes.assertOn()
  const ofMission = { ...call, services: { ...services, writes } }
  const running = services.committing.get(approved.digest) ?? commit({ ...approved, anchor }, ofMission)
  services.committing.set(approved.digest, running)
  try {
    return { digest: approved.digest, ...(await running), calls: count.calls }
  } finally {
    services.committing.delete(approved.digest)
  }
}
