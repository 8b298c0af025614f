// What a draft would have made of a run that is recorded: its questions and proposals over the facts that the run read, with the network off.
import { canonical, sha256 } from '../../contract/values/canonical.ts'
import { NotRecorded } from '../domain/errors.ts'
import type { KnowledgeVersion, MissionDefinition, MissionVersion, ReadStep } from '../domain/mission.ts'
import { recordId18 } from '../domain/record-id.ts'
import type { NewObservation } from '../domain/run.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { Proposal } from '../domain/proposal.ts'
import { parseDocument } from '../knowledge/document.ts'
import { askingOf, objectOf } from '../missions/language/variables.ts'
import type { Evidence } from '../questions/asking/evidence.ts'
import { kindOf } from '../questions/registry.ts'
import { replayReads } from '../replay/recorded-world.ts'
import type { RecordedWorld, Recording } from '../replay/shapes/replay.ts'
import { RecordedAnswers } from '../replay/tape.ts'
import { RESULT } from '../runs/journal.ts'
import type { PhaseOutcome, Phases } from '../runs/phase.ts'

/** A version that is not installed, with its documents. */
export interface DraftVersion {
  mission: MissionVersion
  documents: ReadonlyMap<string, KnowledgeVersion>
}

/** What a run came to: a proposal, or nothing to do and why. */
export interface Conclusion {
  proposal: Proposal | null
  why: Phrase
}

export type BackTested =
  | { result: 'same'; was: Conclusion }
  | { result: 'differs'; was: Conclusion; wouldBe: Conclusion }
  /** The record lacks what the draft looks at. */
  | { result: 'cannot tell'; why: string }
  /** The run ended before it had read everything. */
  | { result: 'no facts' }

interface BackTestDeps {
  phases: Pick<Phases, 'reason' | 'propose'>
  /** Serves what never changes. */
  present: RecordedWorld['reads']
}

export async function backTestRecording(
  deps: BackTestDeps,
  recording: Recording,
  draft: DraftVersion,
): Promise<BackTested> {
  const evidence = evidenceIn(recording)
  if (!evidence) return { result: 'no facts' }
  const documents = await documentsOf(deps, recording.mission)
  const unread = unreadBy(draft.mission.definition, recording.mission.definition)
  if (unread.length > 0)
    return { result: 'cannot tell', why: `the run did not read ${unread.join(', ')}, which this draft looks at` }
  const users = withUsersOf(draft, { mission: recording.mission, documents }, evidence)
  const now = await concluded(deps, recording, draft, users)
  if ('cannotTell' in now) return { result: 'cannot tell', why: now.cannotTell }
  const was = conclusionThen(recording)
  return sameConclusion(was, now) ? { result: 'same', was } : { result: 'differs', was, wouldBe: now }
}

/** What the run had read, when it had read everything. */
function evidenceIn({ entries }: Recording): Evidence | null {
  const answer = entries.find(({ phase, key }) => phase === 'read' && key === RESULT)
    ?.answer as Partial<Evidence> | null
  return answer && typeof answer === 'object' && answer.records ? (answer as Evidence) : null
}

async function documentsOf(
  { present }: BackTestDeps,
  { knowledge }: MissionVersion,
): Promise<DraftVersion['documents']> {
  const found = await Promise.all(Object.entries(knowledge).map(([name, version]) => present.knowledge(name, version)))
  return new Map(found.flatMap((document) => (document ? [[document.name, document] as const] : [])))
}

/** Steps and fields that a draft reads and the version of the run did not: a sound draft uses each of them. */
function unreadBy(draft: MissionDefinition, then: MissionDefinition): string[] {
  const converts = ({ propose }: MissionDefinition) => propose.some(({ kind }) => kind === 'convert')
  return [
    ...draft.read.flatMap((step) => {
      const same = then.read.find((each) => isSameStep(each, step))
      if (!same) return [`“${step.name}” as it is written now`]
      return step.fields.filter((field) => !same.fields.includes(field)).map((field) => `${objectOf(step)}.${field}`)
    }),
    ...(converts(draft) && !converts(then) ? ['the status of converted leads'] : []),
  ]
}

const isSameStep = (a: ReadStep, b: ReadStep): boolean =>
  canonical({ ...a, fields: [] }) === canonical({ ...b, fields: [] })

/** Users whom only the draft's tables name stand in for themselves: whether they are active was not read. */
function withUsersOf(draft: DraftVersion, then: DraftVersion, evidence: Evidence): Evidence {
  const known = new Set([
    ...usernamesIn(then).map((name) => name.toLowerCase()),
    ...evidence.users.map(({ username }) => username.toLowerCase()),
  ])
  const added = usernamesIn(draft)
    .filter((username) => !known.has(username.toLowerCase()))
    .map((username) => ({ id: standInFor(username), name: username, username, isActive: true }))
  return { ...evidence, users: [...evidence.users, ...added] }
}

/** An id that no user of an org has. */
const standInFor = (username: string): string => recordId18(`005${sha256(username).slice(0, 12)}`) ?? username

function usernamesIn({ mission, documents }: DraftVersion): string[] {
  const find = (name: string) => {
    const document = documents.get(name)
    return document ? parseDocument(document.source) : null
  }
  return askingOf(mission.definition, find).flatMap(({ question, asking }) =>
    kindOf(question.kind).users(question.asked, asking),
  )
}

async function concluded(
  { phases, present }: BackTestDeps,
  recording: Recording,
  { mission, documents }: DraftVersion,
  evidence: Evidence,
): Promise<Conclusion | { cannotTell: string }> {
  const tape = new RecordedAnswers(recording.entries)
  const world = replayReads(recording, present)
  const reads = { ...world.reads, knowledge: (name: string) => Promise.resolve(documents.get(name) ?? null) }
  const trigger = { ...recording.run.trigger }
  delete trigger.trial
  const context = (phase: 'reason' | 'propose') => tape.context({ ...recording.run, trigger, phase }, mission, reads)
  try {
    tape.keep('read', { kind: 'next', result: evidence })
    const reasoned = await phases.reason(context('reason'))
    tape.keep('reason', reasoned)
    const outcome = reasoned.kind === 'next' ? await phases.propose(context('propose')) : reasoned
    if (tape.askedOtherwise([]).length > 0) return { cannotTell: 'a language model would be asked something else' }
    return conclusionOf(outcome)
  } catch (error) {
    if (error instanceof NotRecorded) return { cannotTell: `the run did not ask “${error.key}”, which this draft asks` }
    throw error
  }
}

function conclusionOf(outcome: PhaseOutcome): Conclusion {
  if (outcome.kind === 'next') return { proposal: outcome.result as Proposal, why: [] }
  return { proposal: null, why: lastOf(outcome.say ?? []) }
}

/** By its journal and what it said last before it ended. */
function conclusionThen({ entries, observations, run }: Recording): Conclusion {
  const answer = entries.find(({ phase, key }) => phase === 'propose' && key === RESULT)?.answer as Partial<Proposal>
  if (Array.isArray(answer?.operations)) return { proposal: answer as Proposal, why: [] }
  return { proposal: null, why: lastOf(observations.filter(({ phase }) => phase === run.phase)) }
}

const lastOf = (said: readonly NewObservation[]): Phrase => said.at(-1)?.text ?? ['There was nothing to do']

/** Two conclusions are the same when the same would be written, and the same people be asked. Why nothing is done, or by which row, may differ. */
function sameConclusion(was: Conclusion, now: Conclusion): boolean {
  const essence = ({ proposal }: Conclusion) =>
    proposal && canonical([withoutSources(proposal.operations), proposal.gate.rosters])
  return essence(was) === essence(now)
}

function withoutSources(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSources)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (key === 'source' ? [] : [[key, withoutSources(each)]])),
  )
}
