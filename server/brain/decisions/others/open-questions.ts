// Other decisions that wait or are being written, and what of a change set they concern too.
import {
  closedBy,
  endedBy,
  isIn,
  objectOf,
  setBy,
  touchedBy,
  type Operation,
} from '../../../contract/operations/operation.ts'
import { hasEnded } from '../../../contract/states.ts'
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { ContentsEdited } from '../../domain/errors.ts'
import type { DecisionReads } from '../../ports/decisions.ts'
import type { RunReads } from '../../ports/runs.ts'

type OthersReads = Pick<DecisionReads, 'decisions' | 'changeSet'> & Pick<RunReads, 'runsById'>

export interface OpenQuestion {
  decision: Decision
  changeSet: ChangeSetVersion
}

/** Decisions about one record that are looked at, the newest first. */
const MOST = 50

/** Decisions that wait for an answer, or for their write, and touch one of these records; those of `ownRun` left out. */
export async function openQuestions(
  reads: OthersReads,
  records: readonly string[],
  ownRun: string,
): Promise<OpenQuestion[]> {
  const found = new Map<string, Decision>()
  for (const record of new Set(records))
    for (const status of ['open', 'approved'] as const)
      for (const decision of await reads.decisions({ status, record, limit: MOST, readable: true }))
        if (decision.runId !== ownRun) found.set(decision.id, decision)
  const questions: OpenQuestion[] = []
  for (const decision of found.values()) {
    const changeSet = await changeSetOf(reads, decision)
    if (changeSet) questions.push({ decision, changeSet })
  }
  return questions.sort((a, b) => (a.decision.id < b.decision.id ? -1 : 1))
}

/** Null for a run that has ended, and for rows that were edited: those are held by themselves, and stop no other decision. */
async function changeSetOf(reads: OthersReads, { id, runId, version }: Decision): Promise<ChangeSetVersion | null> {
  try {
    const run = (await reads.runsById([runId])).get(runId)
    return run === undefined || hasEnded(run.status) ? null : await reads.changeSet(id, version)
  } catch (error) {
    if (error instanceof ContentsEdited) return null
    throw error
  }
}

/** Records that merges make one. */
export function mergedBy(operations: readonly Operation[]): string[] {
  return operations.flatMap((operation) => (isIn('merge', operation) ? touchedBy(operation).map(({ id }) => id) : []))
}

/** A place that two change sets concern: a field of a record, or the whole record where one of them ends or closes it. */
interface Overlap {
  record: string
  /** `Object.Field`, or `Object` for the whole. */
  field: string
}

export function overlapsOf(one: readonly Operation[], other: readonly Operation[]): Overlap[] {
  const whole = (operations: readonly Operation[]) =>
    new Set([
      ...mergedBy(operations),
      ...operations.flatMap(endedBy).map(({ record }) => record.id),
      ...operations.flatMap(closedBy).map(({ id }) => id),
    ])
  const [wholeOfOne, wholeOfOther] = [whole(one), whole(other)]
  const touchedByOther = new Set(other.flatMap(touchedBy).map(({ id }) => id))
  const setByOther = new Set(other.flatMap(setBy).map(({ record, field }) => `${record?.id}.${field}`))
  const found = one.flatMap((operation): Overlap[] => [
    ...touchedBy(operation)
      .filter(({ id }) => touchedByOther.has(id) && (wholeOfOne.has(id) || wholeOfOther.has(id)))
      .map(({ id, object }) => ({ record: id, field: object })),
    ...setBy(operation).flatMap(({ record, field }) =>
      record && setByOther.has(`${record.id}.${field}`)
        ? [{ record: record.id, field: `${objectOf(operation)}.${field}` }]
        : [],
    ),
  ])
  return [...new Map(found.map((each) => [`${each.record} ${each.field}`, each])).values()]
}
