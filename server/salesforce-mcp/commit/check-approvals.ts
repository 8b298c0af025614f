import { isIn, setBy } from '../../contract/operations/operation.ts'
import type { AcceptedDecision, DecisionClaims } from '../../contract/approval-token.ts'
import type { SealedDocument } from '../../contract/change-set.ts'
import { rightsFor, rightsHash } from '../../contract/rights.ts'
import { digestOf, documentOf, type Leaf, type OpenLeaf } from '../../contract/seal.ts'
import { ToolFailure } from '../failure/failure.ts'
import { assertCovered, assertGated } from '../grants/covers.ts'
import type { Services } from '../services/services.ts'

export interface ApprovedChangeSet {
  document: SealedDocument
  digest: string
  /** True after `expiresAt`: then only a commit that has begun may be finished. */
  expired: boolean
}

/**
 * Everything that must hold before a change set may be written, told from the change set, the grant and the approvals alone:
 * no request leaves before this. Throws ToolFailure `refused`, `not-granted` or `bad-request` with the reason.
 */
export async function approvedChangeSet(
  leaves: readonly Leaf[],
  approvals: readonly AcceptedDecision[],
  services: Services,
): Promise<ApprovedChangeSet> {
  const document = opened(leaves)
  const digest = digestOf(leaves)
  if (document.org !== services.orgId) throw refusal(`the change set is for org ${document.org}`)
  const expiresAt = Date.parse(document.expiresAt)
  if (Number.isNaN(expiresAt)) throw new ToolFailure('bad-request', 'the change set has no time of expiry')
  const grant = services.grants.get(document.grant)
  assertGated(grant, document)
  assertCovered(grant, document.operations)
  assertWritable(document)
  const claims: DecisionClaims[] = []
  for (const approval of approvals) {
    const one = await services.desk.recall(approval)
    assertApproves(one, document, digest)
    if (Date.parse(approval.takenAt) > expiresAt) throw refusal('an approval was given after the decision expired')
    claims.push(one)
  }
  assertEnough(claims, document)
  return { document, digest, expired: services.now().getTime() > expiresAt }
}

function opened(leaves: readonly Leaf[]): SealedDocument {
  const open = leaves.filter((leaf): leaf is OpenLeaf => 'value' in leaf)
  if (open.length < leaves.length) throw refusal('a commit wants every value of the change set open')
  try {
    return documentOf(open)
  } catch (cause) {
    throw new ToolFailure('bad-request', 'the leaves do not make a change set', { cause })
  }
}

/** Composite requests read `@{…}` in a value as a reference to another answer, and there is no way to write it as text. */
function assertWritable({ operations }: SealedDocument): void {
  for (const operation of operations) {
    for (const { field, to } of setBy(operation)) {
      if (typeof to === 'string' && to.includes('@{')) throw new ToolFailure('bad-request', `${field} contains "@{"`)
    }
    if (isIn('convertLead', operation) && operation.opportunity === 'existing') {
      throw new ToolFailure('bad-request', 'a lead cannot be converted into an opportunity that is not named')
    }
  }
}

function assertApproves(claims: DecisionClaims, document: SealedDocument, digest: string): void {
  const { decision, operations, gate, launcher, editors } = document
  if (claims.verb !== 'approve') throw refusal(`a decision to ${claims.verb} is no approval`)
  if (claims.decisionId !== decision) throw refusal(`the approval is for decision ${claims.decisionId}`)
  if (claims.digest !== digest) throw refusal('the approval is for another version of this change set')
  if (claims.rights !== rightsHash(rightsFor(operations))) {
    throw refusal("the approver's rights were checked for other operations than these")
  }
  if (!claims.permissions.includes('Decide_Missions')) throw refusal('the approver does not hold Decide_Missions')
  if (!isOnRoster(claims, gate.from)) throw refusal(`the approver is not in ${gate.from}`)
  if (claims.sub === launcher) throw refusal('the approver launched this run')
  if (editors.includes(claims.sub)) throw refusal('the approver edited this change set')
}

function isOnRoster({ permissions, groups }: DecisionClaims, from: string): boolean {
  const [kind, name = ''] = from.split(':')
  return (kind === 'group' ? groups : permissions).includes(name)
}

function assertEnough(claims: readonly DecisionClaims[], { gate }: SealedDocument): void {
  const people = new Set(claims.map(({ sub }) => sub))
  if (people.size < gate.needs) {
    throw refusal(`the gate needs ${gate.needs} different people, ${people.size} approved`)
  }
}

function refusal(reason: string): ToolFailure {
  return new ToolFailure('refused', reason)
}
