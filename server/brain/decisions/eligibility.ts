// Decides if a person may answer a decision, and names what is missing: the one place for status, expiry, four-eyes, roster and access.
import { touchedBy } from '../../contract/operations/operation.ts'
import type { Approval, ChangeSetVersion, Decision } from '../domain/decision.ts'
import { Conflict, Forbidden, Stale, type BrainError } from '../domain/errors.ts'
import type { ReadAccess } from '../domain/phrase.ts'
import type { AnswerVerb } from '../../contract/approval-token.ts'
import type { Roster } from '../../contract/gate/lines.ts'
import { bothStages, rostersOf, standingOf, type GateStanding } from '../../contract/gate/people.ts'
import { openLeafText } from './leaves.ts'

/** A user of the org, with the custom permissions its token names. */
export interface Caller {
  userId: string
  permissions: readonly string[]
}

export interface Standing {
  decision: Decision
  changeSet: ChangeSetVersion
  approvals: readonly Approval[]
  /** The user who launched the run; null when an event did. */
  launcher: string | null
  now: string
}

/** Approvals that count for the version now open, one per person. */
export function countedApprovals({ decision, approvals }: Pick<Standing, 'decision' | 'approvals'>): Approval[] {
  const counted = approvals.filter(
    ({ version, verb, voided }) => version === decision.version && verb === 'approve' && !voided,
  )
  return [...new Map(counted.map((approval) => [approval.userId, approval])).values()]
}

/** Where the gate of the version now open stands by the approvals that count. */
export function gateStanding(standing: Pick<Standing, 'decision' | 'changeSet' | 'approvals'>): GateStanding {
  const counted = countedApprovals(standing)
  return standingOf(
    standing.changeSet.gate,
    counted.map(({ userId, on, accepted }) => ({ userId, on, at: accepted.takenAt })),
  )
}

/** Who approved what was or will be written: by their answers, or by the receipt of one that was lost with the database. */
export function approversOf(
  standing: Pick<Standing, 'decision' | 'approvals'>,
): { userId: string; userName: string }[] {
  const { settledBy } = standing.decision
  return settledBy
    ? settledBy.approvedBy.map(({ id, name }) => ({ userId: id, userName: name }))
    : countedApprovals(standing)
}

/** Null when the caller may give this answer now, else the refusal with its reason. */
export function refusalOf(verb: AnswerVerb, standing: Standing, caller: Caller, access: ReadAccess): BrainError | null {
  return (
    (verb === 'take-back' ? refusedTakingBack(standing) : refusedByState(standing)) ??
    refusedPerson(standing, caller) ??
    (verb === 'approve' ? (refusedApprover(standing, caller) ?? refusedBlindness(standing, access)) : null)
  )
}

/** The digest named must be that of the version now open. */
export function refusedStaleness({ changeSet }: Standing, digest: string): BrainError | null {
  if (digest === changeSet.digest) return null
  const message = 'The proposal changed after you opened it. Nothing was written. Look at the version that is open now.'
  return new Stale(message, changeSet.version, changeSet.digest)
}

function refusedByState({ decision, approvals, now }: Standing): BrainError | null {
  if (decision.status === 'open')
    return decision.expiresAt <= now ? new Conflict('expired', 'This decision has expired. Nothing was changed.') : null
  const answer = approvals.findLast(({ voided, verb }) => !voided && verb !== 'take-back')
  const by = answer ? ` by ${answer.userName}` : ''
  return new Conflict('already-answered', `This decision is already ${decision.status}${by}. Your answer was not used.`)
}

function refusedTakingBack({ decision, now }: Standing): BrainError | null {
  if (decision.status !== 'approved')
    return new Conflict('wrong-status', `Only an approved decision can be taken back; it is ${decision.status}.`)
  const held = decision.commitsAt !== null && now < decision.commitsAt
  return held ? null : new Conflict('writing-begun', 'It is too late to take this back: writing has begun.')
}

function refusedPerson(standing: Standing, caller: Caller): BrainError | null {
  const { decision } = standing
  if (!caller.permissions.includes('Decide_Missions'))
    return new Forbidden('You can see this proposal but not answer it.', 'Decide_Missions')
  const { rosters } = decision
  if (rostersOfCaller(rosters, caller).length === 0) {
    const from = namesOf(bothStages({ rosters }))
    return new Forbidden(`This proposal is answered by ${from}.`, from)
  }
  const first = rosters.filter(({ then }) => !then)
  if (rostersOfCaller(first, caller).length > 0 || gateStanding(standing).stage === 'then') return null
  return new Forbidden(`You are asked once ${namesOf(first)} approved.`, `the approval of ${namesOf(first)}`)
}

function rostersOfCaller(rosters: Decision['rosters'], { permissions, userId }: Caller): string[] {
  const groups = rosters.flatMap(({ from, users }) =>
    users.some(({ id }) => id === userId) ? [from.replace(/^group:/, '')] : [],
  )
  return rostersOf({ permissions, groups }, rosters)
}

const namesOf = (rosters: readonly Roster[]): string => rosters.map(({ from }) => from).join(', ')

function refusedApprover(standing: Standing, caller: Caller): BrainError | null {
  if (standing.launcher === caller.userId)
    return new Forbidden('You launched this run, so someone else must approve it.', 'a second person')
  if (openLeafText(standing.changeSet, '/editors').includes(caller.userId))
    return new Forbidden('You edited this proposal, so someone else must approve it.', 'a second person')
  if (countedApprovals(standing).some(({ userId }) => userId === caller.userId))
    return new Conflict('already-answered', 'You approved this version already. It waits for another person.')
  const { left } = gateStanding(standing)
  const on = rostersOfCaller(standing.decision.rosters, caller)
  if (left.length === 0 || left.some(({ from }) => on.includes(from))) return null
  return new Forbidden(`Your part is answered already. It waits for ${namesOf(left)}.`, namesOf(left))
}

/** An approver must see every record and gated field that would change. */
function refusedBlindness({ changeSet: { proposal } }: Standing, access: ReadAccess): BrainError | null {
  const field = proposal.gatedFields.find((name) => !access.field(name))
  if (field)
    return new Forbidden(
      'A field that would change is hidden from you, so you cannot approve it.',
      `read access to ${field}`,
    )
  const touched = proposal.operations.flatMap(touchedBy)
  const record = touched.find(({ id }) => !access.record(id))
  if (!record) return null
  return new Forbidden(
    'A record that would change is hidden from you, so you cannot approve it.',
    `read access to ${record.object}`,
  )
}
