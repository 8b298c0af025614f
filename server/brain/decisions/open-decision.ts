// Opening a decision: the last look at the org, the roster, the seal; then the run waits for a person.
import { touchedBy } from '../../contract/operations/operation.ts'
import { oneLine } from '../../contract/values/text.ts'
import type { ToolOutput } from '../../contract/tools.ts'
import type { ChangeSetVersion, Decision } from '../domain/decision.ts'
import { addSeconds } from '../../contract/values/instant.ts'
import type { Roster } from '../../contract/gate/lines.ts'
import { stricter } from '../../contract/gate/judge.ts'
import { peopleNeeded } from '../../contract/gate/people.ts'
import { SalesforceError } from '../domain/errors.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { PhaseContext, PhaseOutcome } from '../runs/phase.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { NewObservation } from '../domain/run.ts'
import { fit } from '../domain/say.ts'
import type { RecordKey } from '../../contract/values/ids.ts'
import type { DecidingDeps } from './deps.ts'
import { OPEN_FOR_SECONDS } from '../../contract/activation.ts'
import { assertOnlyQuestion } from './others/hang.ts'
import { composeVersion } from './new-version.ts'
import { driftNotice, overlaps, rebase } from './rebase.ts'
import { reviewed } from './review/review.ts'

/** Journal key of the first thing asked when a decision is opened. */
export const CHECK = 'check'

type Checked = ToolOutput<'checkChangeSet'>

/** Checks the proposal against the org, seals it, and waits; finishes when something forbids it or nothing is left to do. */
export async function openDecision(
  deps: DecidingDeps,
  context: PhaseContext,
  decisionId: string,
  proposed: Proposal,
): Promise<PhaseOutcome> {
  const checked = await check(context, CHECK, proposed)
  if (checked.blockers.length > 0) return nothingToDo(sayBlockers(proposed, checked))
  const based = rebase(proposed, checked.drift, checked.base)
  if (based.operations.length === 0) return nothingToDo([ALREADY_SO])
  if (checked.gate && 'block' in checked.gate) return nothingToDo([sayBlocked(checked.gate.block, based)])
  const gated = checked.gate ? { ...based, gate: stricter(based.gate, checked.gate.require) } : based
  const { proposal, say } = await reviewed(context, gated)
  const createdAt = await context.now('opened-at')
  const expiresAt = addSeconds(createdAt, OPEN_FOR_SECONDS)
  const { run, mission } = context
  const notice = overlaps(proposed.operations, checked.drift) ? driftNotice(proposed, checked.drift) : null
  const { rosters: first, then = [] } = proposal.gate
  const rosters = [
    ...(await rostersOf(deps, context, first)),
    ...(await rostersOf(deps, context, then)).map((each) => ({ ...each, then: true as const })),
  ]
  const orgId = await orgOf(deps, context)
  const draft = { orgId, decisionId, run, mission, proposal, version: 1, expiresAt, createdAt, notice }
  const changeSet = await composeVersion(deps, context, draft)
  const decision: Decision = {
    id: decisionId,
    runId: run.id,
    mission: run.mission,
    status: 'open',
    version: 1,
    risk: proposal.risk,
    subject: proposal.subject,
    createdAt,
    expiresAt,
    commitsAt: null,
    rosters,
    isErased: false,
  }
  return waitFor(decision, changeSet, say)
}

/** The gate as salesforce-mcp judges it, on the records as they are. */
const sayBlocked = (block: string, { subject }: Proposal): NewObservation => ({
  kind: 'concluded',
  text: [`${block}: this mission may propose nothing here`],
  records: [{ object: subject.object, id: subject.id }],
})

/** One call: base values, drift and blockers as the org is now. */
export function check(context: PhaseContext, key: string, proposal: Proposal): Promise<Checked> {
  const { operations, base } = proposal
  return context.tool(key, 'checkChangeSet', { grant: context.mission.grantHash, operations, base })
}

export const ALREADY_SO: NewObservation = {
  kind: 'concluded',
  text: ['Everything proposed is already so; nothing is left to do'],
}

/** Why the change set cannot be: sentences from the org, shown to those who may read the records they are about. */
export function sayBlockers(proposal: Proposal, { blockers }: Pick<Checked, 'blockers'>): NewObservation[] {
  return blockers.map(({ sentence, ids }) => {
    const records = ids.map((id): RecordKey => ({ object: proposal.names[id]?.object ?? proposal.subject.object, id }))
    return { kind: 'noticed', text: [{ text: oneLine(sentence, 90), record: records[0] ?? proposal.subject }], records }
  })
}

function nothingToDo(say: readonly NewObservation[]): PhaseOutcome {
  return { kind: 'finish', verdict: 'nothing to do', result: { decision: null }, say }
}

async function rostersOf(
  deps: DecidingDeps,
  context: PhaseContext,
  rosters: readonly Roster[],
): Promise<Decision['rosters']> {
  const resolved: Decision['rosters'] = []
  for (const { from, needs } of rosters) {
    const { users } = await context.ask(`roster-${from}`, { from }, () => peopleOf(deps, context, from))
    resolved.push({ from, needs, users })
  }
  return resolved
}

/** Asked right after the change set was checked under the grant, which may close in between: then it is opened again. */
async function peopleOf({ salesforce }: DecidingDeps, { mission }: PhaseContext, from: string) {
  const ask = () => salesforce.call('resolveRoster', { grant: mission.grantHash, from }, { runId: null })
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof SalesforceError) || error.error.code !== 'not-granted') throw error
    await salesforce.call('openGrant', { grant: mission.grant }, { runId: null })
    return ask()
  }
}

async function orgOf(deps: DecidingDeps, context: PhaseContext): Promise<string> {
  const answer = await context.ask('org', null, () => deps.salesforce.call('getUserInfo', {}, { runId: null }))
  return answer.organizationId
}

function waitFor(decision: Decision, changeSet: ChangeSetVersion, review: readonly NewObservation[]): PhaseOutcome {
  const { proposal } = changeSet
  const linked = new Map(
    [proposal.subject, ...proposal.operations.flatMap(touchedBy)].map(({ object, id }) => [id, { object, id }]),
  )
  return {
    kind: 'wait',
    for: 'person',
    key: 'answer-v1',
    say: [{ kind: 'asked', text: sayAsked(decision), records: [proposal.subject] }, ...review],
    within: async (tx) => {
      await assertOnlyQuestion(tx, decision.runId, proposal)
      await tx.insertDecision(decision, changeSet)
      await tx.updateRun(decision.runId, { decisionId: decision.id, subjectName: decision.subject.name })
      await tx.linkRecords(decision.runId, [...linked.values()])
      await tx.addOutbox({ kind: 'expire-decision', about: decision.id, dueInSeconds: OPEN_FOR_SECONDS })
    },
  }
}

function sayAsked({ rosters, expiresAt }: Decision): Phrase {
  const named = (some: Decision['rosters']) =>
    some.map(({ from }) => from.replace(/^(group|permission):/, '')).join(' and ')
  const first = rosters.filter(({ then }) => !then)
  const second = rosters.filter(({ then }) => then)
  const needs = peopleNeeded(first)
  const people = needs === 1 ? '1 person' : `${needs} people`
  const next = second.length > 0 ? `, then ${peopleNeeded(second)} of ${named(second)}` : ''
  return fit([`Waiting for ${people} of ${named(first)}${next}`, `, until ${expiresAt.slice(0, 10)}`])
}
