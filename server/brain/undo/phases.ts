// Undo, as a proposal: the same seven phases, where thinking means comparing what was written with what the org holds now.
import { endedBy, isIn, movedBy, type Operation } from '../../contract/operations/operation.ts'
import type { Phase } from '../../contract/states.ts'
import { NotFound } from '../domain/errors.ts'
import { labelOf } from '../domain/described.ts'
import type { PhaseContext, PhaseFunction } from '../runs/phase.ts'
import { isRecordId } from '../domain/record-id.ts'
import type { NewObservation } from '../domain/run.ts'
import { fit } from '../domain/say.ts'
import { standingOf } from './plan/standing.ts'
import { planUndo } from './plan/undo-plan.ts'
import { sayStay } from './plan/undo-words.ts'
import { heldNow } from './current-values.ts'
import { childQueries, originsOf } from './moved-children.ts'
import { proposeUndo } from './propose.ts'
import type { NowResult, PlanResult, UndoneResult } from './results.ts'

/** Takes down what is to be undone: only the operations whose transactions stand. */
const trigger: PhaseFunction = async ({ run, reads }) => {
  const asked = run.trigger.undo
  const decision = asked && (await reads.decision(asked.decisionId))
  const changeSet = decision && (await reads.changeSet(decision.id, decision.version))
  if (!asked || !decision || !changeSet) throw new NotFound('decision to undo')
  const { subject, gate, gatedFields, names, labels, operations, before } = changeSet.proposal
  const journal = await reads.journal(asked.runId)
  const standing = standingOf(journal, operations)
  if (!standing) throw new NotFound('commit to undo')
  const ended = new Set(standing.operations.flatMap(endedBy).map(({ record }) => record.id))
  const result: UndoneResult = {
    asked,
    subject,
    gate,
    gatedFields,
    names,
    labels: { ...lookupLabels(standing.operations), ...labels },
    ...standing,
    origins: originsOf(journal, ended),
    before: Object.fromEntries(Object.entries(before).filter(([id]) => ended.has(id))),
    proposedOn: decision.createdAt.slice(0, 10),
  }
  const reason = { text: asked.reason, record: { object: subject.object, id: subject.id } }
  return { kind: 'next', result, say: [{ kind: 'noticed', text: fit(['Undo was asked for: ', reason]) }] }
}

/** Lookups of moved records, which no change of a value has described. */
function lookupLabels(operations: readonly Operation[]): Record<string, string> {
  const moves = operations.flatMap(movedBy).map(({ move }) => move)
  return Object.fromEntries(moves.map(({ object, field }) => [`${object}.${field}`, labelOf(field)]))
}

/** Reads the touched records as they are now, the children that a merge moved, and the owners they would go back to. */
const read: PhaseFunction = async (context) => {
  const { digest, operations, created } = context.result<UndoneResult>('trigger')
  const input = { grant: context.mission.grantHash, digest, operations, created }
  const { records, types } = await context.tool('now', 'readBack', input, (answer) => [
    { kind: 'read', text: [`${answer.records.length} records were read as they are now`] },
  ])
  const children = await childrenOf(context)
  const read = new Map([...records, ...children].map((record) => [record.id, record]))
  const at = await context.now('read-at')
  const result: NowResult = { records: [...read.values()], types, users: await usersOf(context), at }
  return { kind: 'next', result }
}

async function childrenOf(context: PhaseContext): Promise<NowResult['records']> {
  const { operations } = context.result<UndoneResult>('trigger')
  const { grant, grantHash, definition } = context.mission
  const found: NowResult['records'] = []
  for (const [n, queries] of childQueries(operations, grant, definition).entries()) {
    const { results } = await context.tool(`children-${n + 1}`, 'soqlQuery', { grant: grantHash, queries })
    found.push(...results.flatMap(({ records }) => records))
  }
  return found
}

async function usersOf(context: PhaseContext): Promise<NowResult['users']> {
  const { operations } = context.result<UndoneResult>('trigger')
  const granted = context.mission.grant.reads['User']
  if (!granted) return []
  const owners = operations.flatMap((op) => (isIn('owners', op) ? [op.from, op.to] : []))
  const people = [...owners, context.run.trigger.launcher ?? '']
  const ids = [...new Set(people)].filter((id) => id.startsWith('005') && isRecordId(id)).sort()
  if (ids.length === 0) return []
  const fields = ['Id', 'Name', ...(granted.includes('IsActive') ? ['IsActive'] : [])]
  const query = `SELECT ${fields.join(', ')} FROM User WHERE Id IN (${ids.map((id) => `'${id}'`).join(', ')})`
  const input = { grant: context.mission.grantHash, queries: [query] }
  const { results } = await context.tool('users', 'soqlQuery', input)
  return results[0]?.records ?? []
}

const enrich: PhaseFunction = () => Promise.resolve({ kind: 'next', result: { documents: [] } })

/** Finds what goes back and what stays, and says each thing that stays. */
const reason: PhaseFunction = (context) => {
  const undone = context.result<UndoneResult>('trigger')
  const now = context.result<NowResult>('read')
  const { origins = {}, before = {} } = undone
  const written = { ...undone, grant: context.mission.grant, origins, before, at: now.at ?? null }
  const result: PlanResult = planUndo(written, heldNow(now), now.types ?? {})
  const say = result.stays.map((stay): NewObservation => {
    return { kind: 'concluded', text: fit(sayStay(stay, undone.names, undone.labels)) }
  })
  if (result.operations.length > 0) return Promise.resolve({ kind: 'next', result, say })
  const nothing: NewObservation = { kind: 'concluded', text: ['Nothing is left that could be put back'] }
  return Promise.resolve({ kind: 'finish', verdict: 'nothing to do', result, say: [...say, nothing] })
}

export const undoPhases: Record<Exclude<Phase, 'decide' | 'commit'>, PhaseFunction> = {
  trigger,
  read,
  enrich,
  reason,
  propose: proposeUndo,
}
