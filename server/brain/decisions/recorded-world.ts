// What people answered, played back to a run that is computed again: the phases find the decision as they found it then.
import type { Approval, ChangeSetVersion, Decision } from '../domain/decision.ts'
import type { PhaseOutcome, Reads, Store, Tx } from '../domain/ports.ts'
import type { RecordedWorld, Recording } from '../domain/replay.ts'
import { saltsOf } from './new-version.ts'
import { begun } from './verify.ts'

type Wait = Extract<PhaseOutcome, { kind: 'wait' }>

/** The world of a recording, and the store that the deciding phases lock their decision in. */
export interface Played extends RecordedWorld {
  store: Pick<Store, 'transaction' | 'checkpoint'>
}

/** `present` serves what never changes: missions, knowledge, other runs that were undone. */
export function playedBack(recording: Recording, present: Reads): Played {
  const { run, entries, versions } = recording
  const now: ChangeSetVersion[] = []
  let decision: Decision | null = null
  const isOwn = (id: string) => id === recording.decision?.id
  const wasBegun = (version: number) => entries.some(({ phase, key }) => phase === 'commit' && key === begun(version))
  const wasComposed = ({ version }: ChangeSetVersion) => entries.some(({ key }) => key === saltsOf(version))
  const reads: Reads = {
    ...present,
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
  const tx = mute(reads, (changeSet) => void now.push(changeSet))
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

/** A transaction that writes nothing, and tells of the versions that would have been written. */
function mute(reads: Reads, onVersion: (changeSet: ChangeSetVersion) => void): Tx {
  const nothing = () => Promise.resolve()
  const own = async (id: string) => {
    const run = await reads.run(id)
    if (!run) throw new TypeError('a replay knows no other run')
    return run
  }
  const decisionOf = async (id: string) => {
    const decision = await reads.decision(id)
    if (!decision) throw new TypeError('a replay knows no other decision')
    return decision
  }
  return {
    ...reads,
    holdFence: own,
    updateRun: own,
    lockRun: reads.run,
    lockDecision: reads.decision,
    updateDecision: decisionOf,
    insertRun: () => Promise.resolve(false),
    insertDecision: (_decision, changeSet) => Promise.resolve(onVersion(changeSet)),
    insertChangeSet: (changeSet) => Promise.resolve(onVersion(changeSet)),
    ...{ rememberTrigger: nothing, appendJournal: nothing, observe: nothing, linkRecords: nothing, addOutbox: nothing },
    ...{ insertApproval: nothing, voidApprovals: nothing, setSetting: nothing, alone: nothing, erase: nothing },
    ...{ insertMission: nothing, activateMission: nothing, insertKnowledge: nothing },
  }
}
