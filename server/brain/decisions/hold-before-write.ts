// Where a decision stands when its run is woken: still open, held before the write, over, or free to be written.
import type { Decision, SettlingReceipt } from '../domain/decision.ts'
import { secondsBetween } from '../../contract/values/instant.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { PhaseContext, PhaseOutcome } from '../runs/phase.ts'
import type { NewObservation } from '../domain/run.ts'
import { fit } from '../domain/say.ts'
import type { DecidingDeps } from './deps.ts'
import { whenInWords, writtenFrom } from './written-from.ts'

/** Begins the keys of observations about how the world was: a replay has none of them. */
const SAID_OF_THE_WORLD = 'hold:'

/** The outcome that stops the write; null when the decision is approved and its hold is over. */
export async function outcomeUnlessApproved(
  deps: Pick<DecidingDeps, 'store' | 'clock'>,
  context: PhaseContext,
  decision: Decision,
): Promise<PhaseOutcome | null> {
  switch (decision.status) {
    case 'open':
      return { kind: 'wait', for: 'person', key: `answer-v${decision.version}` }
    case 'approved':
      return held(deps, context, decision)
    case 'rejected':
      return over('rejected', [...(await sayRejected(context, decision)), ...(await keptApart(context, decision))])
    case 'expired':
      return over('expired', [{ kind: 'concluded', text: ['It was not answered in time. Nothing was changed.'] }])
    case 'superseded':
      if (decision.settledBy) return over('unknown', [sayLost(decision.settledBy)])
      return over('nothing to do', [
        { kind: 'concluded', text: ['The proposal no longer applies. Nothing was changed.'] },
      ])
  }
}

function over(
  verdict: 'rejected' | 'expired' | 'nothing to do' | 'unknown',
  say: readonly NewObservation[],
): PhaseOutcome {
  return { kind: 'finish', verdict, result: { decision: verdict }, say }
}

async function held(
  deps: Pick<DecidingDeps, 'store' | 'clock'>,
  context: PhaseContext,
  decision: Decision,
): Promise<PhaseOutcome | null> {
  const changeSet = await context.reads.changeSet(decision.id, decision.version)
  const from = (at: string) => (changeSet ? writtenFrom(context.mission, changeSet, at) : at)
  const begun = await beginWriting(deps, decision.id, from)
  if (begun === null) return null
  const { seconds, until } = begun
  const dueInSeconds = Math.max(1, Math.ceil(seconds))
  const wait = { kind: 'wait' as const, for: 'timer' as const, dueInSeconds }
  const isHold = until === null || from(deps.clock.now()) <= deps.clock.now()
  if (isHold) return { ...wait, key: `hold-v${decision.version}` }
  const text = `Approved; it will be written ${whenInWords(context.mission, until)}`
  return { ...wait, key: `${SAID_OF_THE_WORLD}until-${until}`, say: [{ kind: 'waited', text: [text] }] }
}

/**
 * Ends the hold under the decision's lock, so that an approver cannot take back what is being written: `commitsAt` is null from
 * then on. Null when writing may go on, else how long it still waits, and until when: for the hold, and for the time `from` gives.
 */
async function beginWriting(
  { store, clock }: Pick<DecidingDeps, 'store' | 'clock'>,
  decisionId: string,
  from: (at: string) => string,
): Promise<{ seconds: number; until: string | null } | null> {
  return store.transaction(async (tx) => {
    const decision = await tx.lockDecision(decisionId)
    // Taken back between the reading and the lock: wait as before, the next wake-up finds it open.
    if (decision?.status !== 'approved') return { seconds: 1, until: null }
    if (decision.commitsAt === null) return null
    const now = clock.now()
    // A time that was missed, e.g. while workers were away: the next one is waited for.
    const until = from(later(now, decision.commitsAt))
    if (until > decision.commitsAt && until > now) await tx.updateDecision(decisionId, { commitsAt: until })
    const seconds = secondsBetween(now, until)
    if (seconds > 0) return { seconds, until }
    await tx.updateDecision(decisionId, { commitsAt: null })
    return null
  })
}

const later = (one: string, other: string): string => (one > other ? one : other)

async function sayRejected(context: PhaseContext, decision: Decision): Promise<NewObservation[]> {
  const answers = await context.reads.approvals(decision.id)
  const rejection = answers.findLast(({ verb, voided }) => verb === 'reject' && !voided)
  if (!rejection) return []
  return [
    {
      kind: 'concluded',
      text: [...by(rejection), ` rejected it: ${rejection.reason ?? 'other'}. Nothing was changed.`],
    },
  ]
}

/** A rejection as “not the same” goes to the org, which keeps the records apart from then on. */
async function keptApart(context: PhaseContext, { id, version }: Decision): Promise<NewObservation[]> {
  const changeSet = await context.reads.changeSet(id, version)
  if (!changeSet?.proposal.keepsApart) return []
  const answers = await context.reads.approvals(id)
  const rejection = answers.findLast(({ verb, voided }) => verb === 'reject' && !voided)
  if (rejection?.reason !== NOT_THE_SAME) return []
  const { leaves } = changeSet
  await context.tool(`keep-apart-v${version}`, 'keepApart', {
    leaves,
    rejection: rejection.accepted,
    reason: NOT_THE_SAME,
  })
  return [{ kind: 'concluded', text: ['Missions propose no merge of these records from now on'] }]
}

const NOT_THE_SAME = 'not-the-same'

const by = ({ userId, userName }: { userId: string; userName: string }): Phrase => [
  { text: userName, record: { object: 'User', id: userId } },
]

/** Of a version that was approved, written and then lost with the database. */
const sayLost = ({ approvedBy }: SettlingReceipt): NewObservation => ({
  kind: 'failed',
  text: fit(['Salesforce holds a later version, lost here with a restore', ...namesOf(approvedBy)]),
})

const namesOf = (people: SettlingReceipt['approvedBy']): Phrase =>
  people.flatMap(({ id, name }, n) => [n === 0 ? '; approved by ' : ', ', ...by({ userId: id, userName: name })])

/** The approvers of the version that is about to be written, or was written before the database was restored. */
export async function sayApproved(context: PhaseContext, decision: Decision): Promise<NewObservation[]> {
  if (decision.settledBy) return sayApprovedBefore(decision.settledBy)
  const answers = await context.reads.approvals(decision.id)
  return answers
    .filter(({ verb, voided, version }) => verb === 'approve' && !voided && version === decision.version)
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map((answer) => ({ kind: 'concluded', text: [...by(answer), ' approved exactly this change set'] }))
}

function sayApprovedBefore({ approvedBy }: SettlingReceipt): NewObservation[] {
  const end = ' approved it before the database was restored, by the org’s receipt'
  if (approvedBy.length === 0)
    return [{ kind: 'concluded', text: ['It was approved before the database was restored'] }]
  return approvedBy.map(({ id, name }) => ({
    kind: 'concluded',
    text: fit([...by({ userId: id, userName: name }), end]),
  }))
}
