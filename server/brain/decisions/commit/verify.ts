// Reading back: every field at once and again after the settle time, because flows and roll-ups finish later.
import type { FieldValue } from '../../../contract/values/field-value.ts'
import type { ToolOutput } from '../../../contract/tools.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import { planTransactions } from '../../../contract/operations/operation.ts'
import type { ChangeSetVersion } from '../../domain/decision.ts'
import { addSeconds, secondsBetween } from '../../../contract/values/instant.ts'
import type { PhaseContext, PhaseOutcome } from '../../runs/phase.ts'
import type { Difference, NewObservation } from '../../domain/run.ts'
import { fit } from '../../domain/say.ts'
import { standingOperations } from '../../undo/plan/standing.ts'
import { foreseeUndo } from '../../undo/plan/undo-plan.ts'
import { putsBack } from '../../undo/plan/undo-words.ts'
import { commitStatus, effectsOf, type CommitAnswer } from './commit-outcome.ts'
import type { DecidingDeps } from '../deps.ts'
import { countOf } from '../operation-words.ts'
import { compare, verdictOf, type Compared } from './verdict.ts'

type Preimage = Record<string, Record<string, FieldValue>>
type ReadBack = ToolOutput<'readBack'>

/**
 * With more write requests than this, a look of the brain's own before the write would be one Salesforce call too many: the commit
 * sends what it found before its first write.
 */
const FEW_TRANSACTIONS = 2

/** Journal key of the first thing asked when a version is written. */
export const begun = (version: number) => `begun-v${version}`

/**
 * Values just before the write. Users may have changed other fields while the decision was open; without this read, the
 * verdict would count those changes as ours.
 */
export async function preimageOf(context: PhaseContext, changeSet: ChangeSetVersion): Promise<Preimage> {
  await context.now(begun(changeSet.version))
  if (planTransactions(changeSet.proposal.operations).length > FEW_TRANSACTIONS) return {}
  const { records } = await readBack(context, `preimage-v${changeSet.version}`, changeSet, {})
  return valuesById(records)
}

const valuesById = (records: readonly RecordValues[]): Preimage =>
  Object.fromEntries(records.map(({ id, values }) => [id, values]))

/** The same with what the commit itself found, which is later. */
export const preimageAt = (preimage: Preimage, { before }: CommitAnswer): Preimage => ({
  ...preimage,
  ...valuesById(before ?? []),
})

function readBack(
  context: PhaseContext,
  key: string,
  { digest, proposal }: ChangeSetVersion,
  created: Record<string, string>,
  say?: (answer: ReadBack) => readonly NewObservation[],
): Promise<ReadBack> {
  const input = { grant: context.mission.grantHash, digest, operations: proposal.operations, created }
  return context.tool(key, 'readBack', input, say)
}

/** Reads back now, waits for the org to settle, reads again, and gives the verdict. */
export async function verify(
  deps: Pick<DecidingDeps, 'clock' | 'settleSeconds' | 'onVerified'>,
  context: PhaseContext,
  changeSet: ChangeSetVersion,
  preimage: Preimage,
  answer: CommitAnswer,
): Promise<PhaseOutcome> {
  const effects = effectsOf(answer)
  const compared = (read: ReadBack) =>
    compare({ digest: changeSet.digest, proposal: changeSet.proposal, preimage, read, ...effects })
  const subject = [changeSet.proposal.subject]
  await readBack(context, 'read-back-now', changeSet, effects.created, (read) => [
    { kind: 'checked', text: [`Read back at once: ${sayCompared(compared(read))}`], records: subject },
  ])
  const settling = await context.ask('settling', null, () =>
    Promise.resolve({ from: deps.clock.now(), seconds: deps.settleSeconds }),
  )
  const due = addSeconds(settling.from, settling.seconds)
  const left = secondsBetween(deps.clock.now(), due)
  if (left > 0) return { kind: 'wait', for: 'timer', key: 'settle', dueInSeconds: Math.ceil(left) }
  const settled = compared(await readBack(context, 'read-back-settled', changeSet, effects.created))
  const verdict = verdictOf(settled.differences)
  const text = `Read back after ${settling.seconds} s: ${sayCompared(settled)}`
  return {
    kind: 'finish',
    verdict,
    result: resultOf(changeSet, answer, settled.differences),
    differences: settled.differences,
    say: [
      { kind: 'checked', text: [text], records: subject },
      ...settled.differences.filter(isUnexpected).map(sayDifference),
    ],
    within: verdict === 'verified' ? (tx) => deps.onVerified(tx, context.run) : undefined,
  }
}

/** Reads once, and reports exactly, what a commit left in the org that stopped half-way or whose result is unknown. */
export async function whatStands(
  deps: Pick<DecidingDeps, 'onPartly'>,
  context: PhaseContext,
  changeSet: ChangeSetVersion,
  preimage: Preimage,
  answer: CommitAnswer,
  verdict: 'partly' | 'unknown',
): Promise<PhaseOutcome> {
  const effects = effectsOf(answer)
  const read = await readBack(context, 'read-back-now', changeSet, effects.created)
  const { differences } = compare({
    digest: changeSet.digest,
    proposal: changeSet.proposal,
    preimage,
    read,
    ...effects,
  })
  const back = wayBack(context, changeSet, answer)
  const isProposed = back?.isPossible === true && context.run.trigger.undo === undefined
  const text = `Stopped part-way: ${countOf(differences.filter(isUnexpected).length, 'value')} not as proposed`
  return {
    kind: 'finish',
    verdict,
    result: resultOf(changeSet, answer, differences),
    differences,
    say: [{ kind: 'checked', text: [text], records: [changeSet.proposal.subject] }, ...(back ? [back.say] : [])],
    ...(isProposed && { afterwards: (tx) => deps.onPartly(tx, context.run) }),
  }
}

/** After a partial failure, undo is proposed at once, and waits for a person like every change. Null after anything else. */
function wayBack(
  { mission }: PhaseContext,
  { proposal }: ChangeSetVersion,
  answer: CommitAnswer,
): { isPossible: boolean; say: NewObservation } | null {
  const standing = standingOperations(proposal.operations, answer.transactions)
  if (commitStatus(answer) !== 'partly') return null
  const plan = foreseeUndo(standing, mission.grant)
  const isPossible = plan.operations.length > 0
  const text = isPossible ? `The way back is ready: undo ${lowered(putsBack(plan))}` : NO_WAY_BACK
  return { isPossible, say: { kind: 'concluded', text: [text], records: [proposal.subject] } }
}

const NO_WAY_BACK = 'What stands cannot be put back by this mission'

const lowered = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`

const resultOf = (
  { digest, version }: ChangeSetVersion,
  { transactions }: CommitAnswer,
  differences: Difference[],
) => ({ digest, version, transactions, differences })

const isUnexpected = ({ expected }: Difference) => !expected

function sayCompared({ differences, fields, records }: Compared): string {
  const wrong = differences.filter(isUnexpected).length
  const all = [countOf(fields, 'field'), ...(records > 0 ? [countOf(records, 'record')] : [])].join(', ')
  return wrong === 0 ? `${all} as proposed` : `${all} compared, ${countOf(wrong, 'difference')}`
}

function sayDifference({ record, recordName, field, reason }: Difference): NewObservation {
  const name = { text: recordName ?? record.object, record }
  return {
    kind: 'checked',
    text: fit([name, `: ${field} differs; ${reason}`]),
    records: [record],
    fields: [`${record.object}.${field}`],
  }
}
