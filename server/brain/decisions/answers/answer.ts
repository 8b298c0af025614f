// Answering a decision: approve, reject or take back, with a token the org signed for exactly this person, digest and verb.
import type { AnswerVerb, DecisionClaims } from '../../../contract/approval-token.ts'
import { bothStages, rostersOf } from '../../../contract/gate/people.ts'
import { rightsHash } from '../../../contract/rights.ts'
import type { ToolOutput } from '../../../contract/tools.ts'
import type { Approval, ChangeSetVersion } from '../../domain/decision.ts'
import { Forbidden, NotFound, SalesforceError } from '../../domain/errors.ts'
import { addSeconds } from '../../../contract/values/instant.ts'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { Clock, Ids } from '../../ports/clock.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import type { Store, Tx } from '../../ports/store.ts'
import { nextDecisionStatus } from '../../domain/transitions.ts'
import type { Visibility } from '../../visibility/visibility.ts'
import { gateStanding, refusalOf, refusedStaleness, type Caller, type Standing } from '../eligibility.ts'
import { roundOf } from '../approval-round.ts'
import { loadDecision, readAccessToDecisions } from '../view/load-decision.ts'
import { resealed } from '../new-version.ts'
import { writtenFrom } from '../written-from.ts'

interface AnswerDeps {
  store: Store
  salesforce: Salesforce
  clock: Clock
  ids: Ids
  visibility: Visibility
  holdSeconds: number
}

export interface Answer {
  decisionId: string
  verb: AnswerVerb
  caller: Caller
  /** Digest of what the person was looking at; a token names one as well. */
  digest?: string
  /** The org-signed decision token. */
  token: string
  reason?: string
  comment?: string
}

/**
 * Records one person's answer. Throws NotFound, Conflict (answered, expired, too late), Stale (another version is open),
 * Forbidden (names what is missing) or SalesforceError (salesforce-mcp cannot take the token now).
 */
export async function answerDecision(deps: AnswerDeps, answer: Answer): Promise<void> {
  const facts = await loadDecision(deps.store, deps.clock, answer.decisionId)
  if (!facts) throw new NotFound('decision')
  const access = (await readAccessToDecisions(deps.visibility, answer.caller, [facts]))(facts)
  if (!access.record(facts.decision.subject.id)) throw new NotFound('decision')
  judge(answer, facts, access)
  const { accepted, claims } = await accept(deps.salesforce, answer.token, answer.caller.userId)
  const { userId } = answer.caller
  const listed = facts.decision.rosters.flatMap(({ users }) => users).find(({ id }) => id === userId)
  const userName = listed?.name ?? userId
  judgeClaims(answer, claims, facts.changeSet)
  await deps.store.transaction(async (tx) => {
    const standing = await lockedStanding(tx, deps, answer.decisionId)
    judge(answer, standing, access)
    if (standing.changeSet.digest !== claims.digest) judge({ ...answer, digest: claims.digest }, standing, access)
    await record(tx, deps, standing, {
      decisionId: answer.decisionId,
      version: standing.decision.version,
      digest: claims.digest,
      userId,
      userName,
      verb: answer.verb,
      on: rostersOf(claims, bothStages(standing.changeSet.gate)),
      reason: answer.reason ?? null,
      comment: answer.comment ?? null,
      at: standing.now,
      accepted,
      voided: false,
      lapsed: false,
      round: roundOf(standing.changeSet, standing.approvals).lapsed,
    })
  })
}

function judge(answer: Answer, standing: Standing, access: ReadAccess): void {
  // A closed decision is reported as closed, even when the digest is old as well.
  const stale = answer.digest === undefined ? null : refusedStaleness(standing, answer.digest)
  const refusal = refusalOf(answer.verb, standing, answer.caller, access)
  const isOpen = standing.decision.status === 'open'
  const error = isOpen ? (stale ?? refusal) : (refusal ?? stale)
  if (error) throw error
}

async function accept(salesforce: Salesforce, token: string, userId: string): Promise<ToolOutput<'acceptDecision'>> {
  try {
    return await salesforce.call('acceptDecision', { token }, { runId: null, userId })
  } catch (error) {
    if (!(error instanceof SalesforceError) || error.error.retryable) throw error
    throw new Forbidden(`The decision token was refused: ${error.error.message}.`, 'a decision signed by the org')
  }
}

/** The token must be this person's, for this decision, this version and this verb, with the rights checked by the org. */
function judgeClaims(
  { caller, decisionId, verb, digest }: Answer,
  claims: DecisionClaims,
  changeSet: ChangeSetVersion,
): void {
  const wrong =
    (claims.sub !== caller.userId && 'another user') ||
    (claims.decisionId !== decisionId && 'another decision') ||
    (claims.verb !== verb && `the verb ${claims.verb}`) ||
    (digest !== undefined && claims.digest !== digest && 'another change set')
  if (wrong) throw new Forbidden(`The decision token is for ${wrong}.`, 'a decision token for this answer')
  if (!claims.permissions.includes('Decide_Missions'))
    throw new Forbidden('You can see this proposal but not answer it.', 'Decide_Missions')
  const rosters = bothStages(changeSet.gate)
  const from = rosters.map((roster) => roster.from).join(', ')
  if (rostersOf(claims, rosters).length === 0) throw new Forbidden(`This proposal is answered by ${from}.`, from)
  if (verb === 'approve' && claims.rights !== rightsHash(changeSet.rights))
    throw new Forbidden('The org did not check the rights this change needs.', 'the rights listed in the decision')
}

async function lockedStanding(tx: Tx, { clock }: AnswerDeps, decisionId: string): Promise<Standing> {
  const decision = await tx.lockDecision(decisionId)
  const changeSet = decision && (await tx.changeSet(decisionId, decision.version))
  const run = decision && (await tx.run(decision.runId))
  if (!decision || !changeSet || !run) throw new NotFound('decision')
  const approvals = await tx.approvals(decisionId)
  return { decision, changeSet, approvals, launcher: run.trigger.launcher, now: clock.now() }
}

async function record(tx: Tx, deps: AnswerDeps, standing: Standing, approval: Approval): Promise<void> {
  await tx.insertApproval(approval)
  if (approval.verb === 'approve') return approve(tx, deps, standing, approval)
  if (approval.verb === 'reject') return reject(tx, standing)
  return takeBack(tx, deps, standing, approval)
}

async function approve(tx: Tx, { holdSeconds }: AnswerDeps, standing: Standing, approval: Approval): Promise<void> {
  const { decision, changeSet, approvals, now } = standing
  const { left, early } = gateStanding({ decision, changeSet, approvals: [...approvals, approval] })
  // Taken in another order than asked, e.g. after a clock was set back: it has to be given again.
  if (early.length > 0) await tx.lapseApprovals(decision.id, early)
  if (left.length > 0) {
    await tx.updateDecision(decision.id, { status: nextDecisionStatus(decision.status, 'open') })
    return
  }
  const status = nextDecisionStatus(decision.status, 'approved')
  const run = await tx.run(decision.runId)
  const mission = run && (await tx.mission(run.mission, run.missionVersion))
  const holds = addSeconds(now, holdSeconds)
  await tx.updateDecision(decision.id, { status, commitsAt: mission ? writtenFrom(mission, changeSet, holds) : holds })
  // Woken after the hold: the run says then until when it waits.
  await tx.addOutbox({ kind: 'advance-run', about: decision.runId, dueInSeconds: holdSeconds })
}

async function reject(tx: Tx, { decision }: Standing): Promise<void> {
  await tx.updateDecision(decision.id, { status: nextDecisionStatus(decision.status, 'rejected') })
  await tx.addOutbox({ kind: 'advance-run', about: decision.runId, dueInSeconds: 0 })
}

/** Opens it again as a new version under new salts: the earlier approvals fit no version that could still be written. */
async function takeBack(
  tx: Tx,
  { ids }: AnswerDeps,
  standing: Standing,
  { userId, userName }: Approval,
): Promise<void> {
  const { decision, changeSet, now } = standing
  const who = { text: userName, record: { object: 'User', id: userId } }
  const next = resealed(changeSet, ids, [who, ' took the approval back. Nothing was written.'], now)
  await tx.insertChangeSet(next)
  await tx.voidApprovals(decision.id)
  const status = nextDecisionStatus(decision.status, 'open')
  await tx.updateDecision(decision.id, { status, version: next.version, commitsAt: null })
  await tx.addOutbox({ kind: 'advance-run', about: decision.runId, dueInSeconds: 0 })
}
