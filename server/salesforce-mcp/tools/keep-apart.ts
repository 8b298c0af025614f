import { DECIDE_PERMISSION } from '../../contract/gate/lines.ts'
import { bothStages, rostersOf } from '../../contract/gate/people.ts'
import { openedChangeSet } from '../commit/check-approvals.ts'
import { exclusionRequest, pairsMerged } from '../exclusions/exclusions.ts'
import { failureOf, ToolFailure } from '../failure/failure.ts'
import { errorOf, writeTogether } from '../org/composite.ts'
import type { Tool } from '../services/services.ts'

/**
 * Writes what a person said by rejecting a merge: on the signature of the org for the rejection of exactly this change set, by one whom
 * its gate asks. It only narrows what may be written.
 */
export const keepApart: Tool<'keepApart'> = async ({ leaves, rejection, reason }, { services, count }) => {
  const { namespace, writer } = services
  services.writes.assertOn()
  const { document, digest } = openedChangeSet(leaves, services)
  const claims = await services.desk.recall(rejection)
  if (claims.verb !== 'reject') throw refusal(`a decision to ${claims.verb} is no rejection`)
  if (claims.decisionId !== document.decision) throw refusal(`the rejection is of decision ${claims.decisionId}`)
  if (claims.digest !== digest) throw refusal('the rejection is of another version of this change set')
  if (!claims.permissions.includes(DECIDE_PERMISSION)) throw refusal(`the person does not hold ${DECIDE_PERMISSION}`)
  if (rostersOf(claims, bothStages(document.gate)).length === 0) throw refusal('the person is not asked by the gate')
  let added = 0
  for (const pair of pairsMerged(document.operations)) {
    const about = { pair, decision: document.decision, by: claims.sub, reason }
    const [response] = await writeTogether(writer, [exclusionRequest(about, namespace)], count)
    const error = response && errorOf(response)
    if (!error) added += 1
    // Said before.
    else if (error.code !== 'DUPLICATE_VALUE') throw failureOf(error.code, error.message, response.status)
  }
  return { added, calls: count.calls }
}

const refusal = (reason: string): ToolFailure => new ToolFailure('refused', reason)
