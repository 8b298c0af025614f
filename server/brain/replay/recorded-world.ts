// What people answered, played back to a run that is computed again: the phases find the decision as they found it then.
import type { Approval, ChangeSetVersion, Decision } from '../domain/decision.ts'
import type { DecidingDeps, HoldTx } from '../decisions/deps.ts'
import type { PhaseOutcome, PhaseTx } from '../runs/phase.ts'
import type { RecordedWorld, Recording } from './shapes/replay.ts'
import { roundName } from '../decisions/approval-round.ts'
import { saltsOf } from '../decisions/new-version.ts'
import { begun } from '../decisions/commit/verify.ts'

type Wait = Extract<PhaseOutcome, { kind: 'wait' }>

/** The world of a recording, and the store that the deciding phases lock their decision in. */
interface Played extends RecordedWorld {
  store: DecidingDeps['store']
}

/** `present` serves what never changes: missions, knowledge, other runs that were undone. */
export function replayReads(recording: Recording, present: RecordedWorld['reads']): Played {
  const { run, entries, versions } = recording
  const now: ChangeSetVersion[] = []
  let decision: Decision | null = null
  /** Approvals that lapsed so far. */
  const lapsed = new Set<Approval>()
  const isOwn = (id: string) => id === recording.decision?.id
  const wasBegun = (version: number) => entries.some(({ phase, key }) => phase === 'commit' && key === begun(version))
  const wasComposed = ({ version }: ChangeSetVersion) => entries.some(({ key }) => key === saltsOf(version))
  const reads: RecordedWorld['reads'] = {
    mission: present.mission,
    activeMissions: present.activeMissions,
    lastActivated: present.lastActivated,
    latestMissions: present.latestMissions,
    knowledge: present.knowledge,
    journal: present.journal,
    run: (id) => (id === run.id ? Promise.resolve(run) : present.run(id)),
    decision: (id) => (isOwn(id) ? Promise.resolve(decision) : present.decision(id)),
    changeSet: (id, version) => {
      const own = [...now, ...versions].find((each) => each.version === version)
      return isOwn(id) ? Promise.resolve(own ?? null) : present.changeSet(id, version)
    },
    approvals: (id) => (isOwn(id) ? Promise.resolve(approvalsOf(recording, decision, lapsed)) : present.approvals(id)),
    // Which other decisions are open now says nothing about then: a run that hung on one has that in its journal.
    decisions: () => Promise.resolve([]),
    runsById: () => Promise.resolve(new Map()),
    // Whether writes are stopped now says nothing about then.
    setting: () => Promise.resolve(null),
  }
  const tx = noWriteTx(reads, {
    onVersion: (changeSet) => void now.push(changeSet),
    onLapse(userIds) {
      for (const each of lapsingNow(recording, decision, lapsed)) if (userIds.includes(each.userId)) lapsed.add(each)
    },
  })
  return {
    reads,
    store: { transaction: (work) => work(tx), checkpoint: () => Promise.resolve(null) },
    composed: () => ({ then: versions.filter(wasComposed), now }),
    async takeUp({ within }: Wait) {
      const before = now.length
      const lapsedBefore = lapsed.size
      await within?.(tx)
      if (decision && lapsed.size > lapsedBefore) {
        decision = answeredAnew(recording, decision, lapsed, wasBegun)
        return decision.status !== 'open'
      }
      if (now.length === before || !recording.decision) return false
      decision = answered(recording.decision, now.at(-1)?.version ?? 1, wasBegun)
      return decision.status !== 'open'
    },
  }
}

/** How people left a version, or the one they brought about by taking back: the first that was begun to be written, or the last. */
function answered(recorded: Decision, from: number, wasBegun: (version: number) => boolean): Decision {
  let version = from
  while (!wasBegun(version) && version < recorded.version) version += 1
  return wasBegun(version) ? { ...recorded, version, status: 'approved', commitsAt: null } : { ...recorded, version }
}

/** How people left a version after approvals of it lapsed: approved once more, or as the record ends. */
function answeredAnew(
  { decision: recorded, entries }: Recording,
  { version }: Decision,
  lapsed: ReadonlySet<Approval>,
  wasBegun: (version: number) => boolean,
): Decision {
  if (!recorded) throw new TypeError('approvals lapsed of a decision that is not recorded')
  const round = { version, lapsed: [...lapsed].filter((each) => each.version === version).length }
  const isBegun = entries.some(({ phase, key }) => phase === 'commit' && key === roundName(round))
  if (isBegun) return { ...recorded, version, status: 'approved', commitsAt: null }
  return recorded.version > version ? answered(recorded, version + 1, wasBegun) : recorded
}

/** Approvals of the version that is being written which had been given by now and lapsed at some time. */
function lapsingNow({ approvals }: Recording, decision: Decision | null, lapsed: ReadonlySet<Approval>): Approval[] {
  const ofVersion = approvals.filter(({ version }) => version === decision?.version)
  const round = ofVersion.filter((each) => lapsed.has(each)).length
  return ofVersion.filter((each) => each.lapsed && each.round <= round && !lapsed.has(each))
}

/** Approvals of a version that was begun counted then, whatever voided them later; those of later rounds were not given yet. */
function approvalsOf({ approvals }: Recording, decision: Decision | null, lapsed: ReadonlySet<Approval>): Approval[] {
  const begunWith = decision?.status === 'approved' && decision.commitsAt === null ? decision.version : null
  const round = [...lapsed].filter(({ version }) => version === begunWith).length
  return approvals.flatMap((each) => {
    if (each.version !== begunWith) return [each]
    if (each.round > round) return []
    const isLapsed = lapsed.has(each)
    return [{ ...each, voided: isLapsed, lapsed: isLapsed }]
  })
}

/** What a phase would have written that later reads depend on. */
interface Written {
  onVersion(changeSet: ChangeSetVersion): void
  onLapse(userIds: readonly string[]): void
}

/** A transaction that writes nothing and reports the versions that would have been written. */
function noWriteTx(reads: RecordedWorld['reads'], { onVersion, onLapse }: Written): PhaseTx & HoldTx {
  const ignored = () => Promise.resolve()
  return {
    run: reads.run,
    runsById: reads.runsById,
    decisions: reads.decisions,
    changeSet: reads.changeSet,
    lockExclusively: ignored,
    updateRun: (id) => known(reads.run(id)),
    lockDecision: reads.decision,
    updateDecision: (id) => known(reads.decision(id)),
    insertDecision: (_decision, changeSet) => Promise.resolve(onVersion(changeSet)),
    insertChangeSet: (changeSet) => Promise.resolve(onVersion(changeSet)),
    linkRecords: ignored,
    voidApprovals: ignored,
    lapseApprovals: (_id, userIds) => Promise.resolve(onLapse(userIds)),
    addOutbox: ignored,
  }
}

async function known<T>(found: Promise<T | null>): Promise<T> {
  const value = await found
  if (value === null) throw new TypeError('a replay knows only its own run and decision')
  return value
}
