// What people answered, played back to a run that is computed again: the phases find the decision as they found it then.
import type { Approval, ChangeSetVersion, Decision } from '../domain/decision.ts'
import type { DecidingDeps, HoldTx } from '../decisions/deps.ts'
import type { PhaseOutcome, PhaseTx } from '../runs/phase.ts'
import type { RecordedWorld, Recording } from './shapes/replay.ts'
import { saltsOf } from '../decisions/new-version.ts'
import { begun } from '../decisions/commit/verify.ts'

type Wait = Extract<PhaseOutcome, { kind: 'wait' }>

/** The world of a recording, and the store that the deciding phases lock their decision in. */
export interface Played extends RecordedWorld {
  store: DecidingDeps['store']
}

/** `present` serves what never changes: missions, knowledge, other runs that were undone. */
export function replayReads(recording: Recording, present: RecordedWorld['reads']): Played {
  const { run, entries, versions } = recording
  const now: ChangeSetVersion[] = []
  let decision: Decision | null = null
  const isOwn = (id: string) => id === recording.decision?.id
  const wasBegun = (version: number) => entries.some(({ phase, key }) => phase === 'commit' && key === begun(version))
  const wasComposed = ({ version }: ChangeSetVersion) => entries.some(({ key }) => key === saltsOf(version))
  const reads: RecordedWorld['reads'] = {
    mission: present.mission,
    activeMissions: present.activeMissions,
    latestMissions: present.latestMissions,
    knowledge: present.knowledge,
    journal: present.journal,
    run: (id) => (id === run.id ? Promise.resolve(run) : present.run(id)),
    decision: (id) => (isOwn(id) ? Promise.resolve(decision) : present.decision(id)),
    changeSet: (id, version) => {
      const own = [...now, ...versions].find((each) => each.version === version)
      return isOwn(id) ? Promise.resolve(own ?? null) : present.changeSet(id, version)
    },
    approvals: (id) => (isOwn(id) ? Promise.resolve(approvalsOf(recording, decision)) : present.approvals(id)),
    // Whether writes are stopped now says nothing about then.
    setting: () => Promise.resolve(null),
  }
  const tx = noWriteTx(reads, (changeSet) => void now.push(changeSet))
  return {
    reads,
    store: { transaction: (work) => work(tx), checkpoint: () => Promise.resolve(null) },
    composed: () => ({ then: versions.filter(wasComposed), now }),
    async takeUp({ within }: Wait) {
      const before = now.length
      await within?.(tx)
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

/** Approvals of a version that was begun counted then, whatever voided them later. */
function approvalsOf({ approvals }: Recording, decision: Decision | null): Approval[] {
  const begunWith = decision?.status === 'approved' && decision.commitsAt === null ? decision.version : null
  return approvals.map((each) => (each.version === begunWith ? { ...each, voided: false } : each))
}

/** A transaction that writes nothing and reports the versions that would have been written. */
function noWriteTx(reads: RecordedWorld['reads'], onVersion: (changeSet: ChangeSetVersion) => void): PhaseTx & HoldTx {
  const ignored = () => Promise.resolve()
  return {
    run: reads.run,
    updateRun: (id) => known(reads.run(id)),
    lockDecision: reads.decision,
    updateDecision: (id) => known(reads.decision(id)),
    insertDecision: (_decision, changeSet) => Promise.resolve(onVersion(changeSet)),
    insertChangeSet: (changeSet) => Promise.resolve(onVersion(changeSet)),
    linkRecords: ignored,
    voidApprovals: ignored,
    addOutbox: ignored,
  }
}

async function known<T>(found: Promise<T | null>): Promise<T> {
  const value = await found
  if (value === null) throw new TypeError('a replay knows only its own run and decision')
  return value
}
