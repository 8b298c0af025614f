import { isIn, needsPerson, setBy, touchedBy } from '../../contract/operations/operation.ts'
import type { AcceptedDecision, DecisionClaims } from '../../contract/approval-token.ts'
import type { SealedDocument } from '../../contract/change-set.ts'
import { DECIDE_PERMISSION, type Roster } from '../../contract/gate/lines.ts'
import { bothStages, peopleNeeded, placesLeft, rostersOf, standingOf } from '../../contract/gate/people.ts'
import { rightsFor, rightsHash } from '../../contract/rights.ts'
import { millisOf } from '../../contract/values/instant.ts'
import { writableUntil } from '../../contract/commit-times/due.ts'
import { localTime } from '../../contract/commit-times/local-time.ts'
import { digestOf, documentOf, type Leaf, type OpenLeaf } from '../../contract/seal.ts'
import { ToolFailure } from '../failure/failure.ts'
import { ALWAYS_READABLE, type Grant } from '../../contract/grant.ts'
import type { Approver } from './approvers.ts'
import { assertStated } from './assertions.ts'
import { termsOf } from './in-time.ts'
import { assertCovered, assertNamed } from '../grants/covers.ts'
import type { Services } from '../services/services.ts'

export interface ApprovedChangeSet {
  document: SealedDocument
  digest: string
  /** True when it is too late to begin: then only a commit that has begun may be finished. */
  expired: boolean
  grant: Grant
  /** Who approved, each person once. */
  approvers: Approver[]
  /** Approvers who were asked after others and approved before them; empty while the order was kept. */
  early: string[]
}

/**
 * Checks everything that must hold before a change set may be written, from the change set, the grant and the approvals alone:
 * no request leaves before this. Throws ToolFailure `refused`, `not-granted` or `bad-request` with the reason.
 */
export async function approvedChangeSet(
  leaves: readonly Leaf[],
  approvals: readonly AcceptedDecision[],
  services: Services,
): Promise<ApprovedChangeSet> {
  const { document, digest, grant } = openedChangeSet(leaves, services)
  const expiresAt = Date.parse(document.expiresAt)
  if (Number.isNaN(expiresAt)) throw new ToolFailure('bad-request', 'the change set has no time of expiry')
  assertBased(document)
  assertWritable(document)
  const claims: Taken[] = []
  for (const approval of approvals) {
    const one = await services.desk.recall(approval).catch(rethrownAsBreach)
    assertApproves(one, document, digest)
    // Two clocks may differ about this: no breach.
    if (Date.parse(approval.takenAt) > expiresAt)
      throw new ToolFailure('refused', 'an approval was given after the decision expired')
    claims.push({ ...one, takenAt: approval.takenAt })
  }
  const approvers = approversOf(claims, document)
  assertEnough(approvers, document)
  const early = earlyAmong(approvers, document)
  const now = services.now()
  return { document, digest, expired: now.getTime() > lastTime(document, grant, approvers), grant, approvers, early }
}

/** The document of the leaves, under a grant that covers its operations. Throws ToolFailure as above. */
export function openedChangeSet(
  leaves: readonly Leaf[],
  services: Services,
): Pick<ApprovedChangeSet, 'document' | 'digest' | 'grant'> {
  const document = opened(leaves)
  if (document.org !== services.orgId) throw refusal(`the change set is for org ${document.org}`)
  const grant = services.grants.get(document.grant)
  assertNamed(grant, document)
  assertCovered(grant, document.operations)
  assertReadable(grant, document)
  assertStated(grant, document)
  return { document, digest: digestOf(leaves), grant }
}

function opened(leaves: readonly Leaf[]): SealedDocument {
  const open = leaves.filter((leaf): leaf is OpenLeaf => 'value' in leaf)
  if (open.length < leaves.length) throw refusal('every value of the change set has to be open')
  try {
    return documentOf(open)
  } catch (cause) {
    throw new ToolFailure('bad-request', 'the leaves do not make a change set', { cause })
  }
}

/** A drift says what the value is now: only of what the mission may read. */
function assertReadable({ reads }: Grant, { evidence = [] }: SealedDocument): void {
  for (const { object, field } of evidence) {
    const isRead =
      Object.hasOwn(reads, object) && (ALWAYS_READABLE as readonly string[]).concat(reads[object] ?? []).includes(field)
    if (!isRead)
      throw new ToolFailure('not-granted', `the evidence names ${object}.${field}, which the grant does not read`)
  }
}

/** Without the stamp of each record that it changes or ends, drift of that record would not show. */
function assertBased({ operations, base }: SealedDocument): void {
  for (const { object, id } of operations.flatMap(touchedBy)) {
    if (millisOf(base[id] ?? '') === null) throw refusal(`the base holds no stamp of ${object} ${id}`)
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
  if (!claims.permissions.includes(DECIDE_PERMISSION)) throw refusal('the approver does not hold Decide_Missions')
  const rosters = bothStages(gate)
  if (rostersOf(claims, rosters).length === 0) throw refusal(`the approver is not in ${namesOf(rosters)}`)
  if (claims.sub === launcher) throw refusal('the approver launched this run')
  if (editors.includes(claims.sub)) throw refusal('the approver edited this change set')
}

const namesOf = (rosters: readonly Roster[]): string => rosters.map(({ from }) => from).join(', ')

/** Until when it may be begun: what waits for its time outlives the expiry. */
function lastTime(document: SealedDocument, grant: Grant, approvers: readonly Approver[]): number {
  const approvedAt =
    approvers
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? document.expiresAt
  return Date.parse(writableUntil(termsOf(document, grant), document.expiresAt, approvedAt, localTime))
}

type Taken = DecisionClaims & { takenAt: string }

function approversOf(claims: readonly Taken[], { gate }: SealedDocument): Approver[] {
  const rosters = bothStages(gate)
  const all = claims.map((one) => ({ userId: one.sub, on: rostersOf(one, rosters), at: one.takenAt }))
  return [...new Map(all.map((one) => [one.userId, one])).values()]
}

/** Two clocks may differ about the order: no breach, these people approve again. */
function earlyAmong(people: readonly Approver[], { gate }: SealedDocument): string[] {
  const { left, early } = standingOf(gate, people)
  if (left.length === 0) return []
  const second = people.filter(({ on }) => gate.then?.some(({ from }) => on.includes(from)))
  return early.length > 0 ? early : second.map(({ userId }) => userId)
}

/** No gate goes below one person for what is irreversible, or concerns money or ownership, or comes from a model or free text. */
function assertEnough(people: readonly Approver[], { operations, gate }: SealedDocument): void {
  const rosters = bothStages(gate)
  if (people.length === 0 && operations.some(needsPerson)) throw refusal('these operations need a person')
  const left = placesLeft(rosters, people)
  if (left.length === 0) return
  const approved = people.length
  throw refusal(
    `the gate needs ${peopleNeeded(rosters)} different people, ${approved} approved: missing from ${namesOf(left)}`,
  )
}

function refusal(reason: string): ToolFailure {
  return new ToolFailure('refused', reason, { isBreach: true })
}

/** An approval that the org did not sign, or that this server did not accept. */
function rethrownAsBreach(error: unknown): never {
  throw error instanceof ToolFailure && error.code === 'refused' ? refusal(error.message) : error
}
