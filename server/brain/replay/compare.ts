import { canonical } from '../../contract/values/canonical.ts'
import type { Phase, Verdict } from '../../contract/states.ts'
import type { ChangeSetVersion } from '../domain/decision.ts'
import type { PhaseOutcome } from '../runs/phase.ts'
import type { RecordedWorld, Recording, Replay, SaidOtherwise } from './shapes/replay.ts'
import type { NewObservation, Run } from '../domain/run.ts'
import { PHASES } from '../domain/transitions.ts'
import { asKept, requestOfResult } from '../runs/journal.ts'
import { isSaidOfTheWorld } from '../runs/hold.ts'
import { NotRecorded } from '../domain/errors.ts'
import { nameOf, type RecordedAnswers } from './tape.ts'

/** A phase that threw: most often for want of an answer. */
export interface Stop {
  phase: Phase
  error: unknown
}

/** What came of computing a run again. */
export interface Recomputed {
  engine: string
  tape: RecordedAnswers
  /** Phases that came to a result, then and now. */
  ended: { phase: Phase; outcome: Exclude<PhaseOutcome, { kind: 'wait' }> }[]
  /** What ended it before a result. */
  stoppedBy: Stop | null
  composed: ReturnType<RecordedWorld['composed']>
}

export function compareWith(recording: Recording, now: Recomputed): Replay {
  const phases = phasesOf(now)
  const versions = versionsOf(now.composed)
  const observations = observationsOf(recording, now)
  const verdict = { recorded: verdictThen(recording.run), recomputed: verdictNow(now) }
  const asked = [...now.tape.askedOtherwise(now.ended.map(({ phase }) => phase)), ...wentAstray(now)]
  const brokeOffIn = brokenPhase(now)
  const isSame =
    brokeOffIn === null &&
    phases.every(({ result }) => result === 'same') &&
    versions.every(({ recorded, recomputed }) => recorded === recomputed) &&
    verdict.recorded === verdict.recomputed &&
    observations.otherwise.length === 0 &&
    asked.length === 0
  return { engine: now.engine, phases, versions, verdict, observations, asked, brokeOffIn, isSame }
}

function phasesOf({ engine, tape, ended }: Recomputed): Replay['phases'] {
  return PHASES.flatMap((phase) => {
    const recorded = tape.resultOf(phase)
    if (!recorded) return []
    const now = ended.find((each) => each.phase === phase)
    const isSame = now && canonical(asKept(now.outcome.result)) === canonical(recorded.answer)
    return {
      phase,
      engine: recorded.requestHash === requestOfResult(phase, engine) ? ('this' as const) : ('another' as const),
      result: now ? (isSame ? ('same' as const) : ('other' as const)) : ('not reached' as const),
    }
  })
}

function versionsOf({ then, now }: Recomputed['composed']): Replay['versions'] {
  const digestIn = (versions: readonly ChangeSetVersion[], n: number) =>
    versions.find(({ version }) => version === n)?.digest ?? null
  return [...new Set([...then, ...now].map(({ version }) => version))]
    .sort((a, b) => a - b)
    .map((version) => ({ version, recorded: digestIn(then, version), recomputed: digestIn(now, version) }))
}

/** Everything said but what holding and failing say: that is about the world of then. */
function observationsOf({ observations }: Recording, { tape }: Recomputed): Replay['observations'] {
  const then = new Map(observations.filter(({ key }) => !isSaidOfTheWorld(key)).map((said) => [nameOf(said), said]))
  const now = new Map(
    tape
      .said()
      .filter(({ key }) => !isSaidOfTheWorld(key))
      .map((said) => [nameOf(said), said]),
  )
  const otherwise = [...new Set([...then.keys(), ...now.keys()])].flatMap((name): SaidOtherwise[] => {
    const recorded = then.get(name) ?? null
    const recomputed = now.get(name) ?? null
    if (recorded && recomputed && textOf(recorded) === textOf(recomputed.observation)) return []
    const { phase, key } = recorded ?? recomputed ?? { phase: 'trigger', key: '' }
    return [{ phase, key, recorded, recomputed: recomputed?.observation ?? null }]
  })
  return { compared: now.size, otherwise }
}

function textOf({ kind, text, records, fields, citations }: NewObservation): string {
  return canonical(asKept({ kind, text, records, fields, citations }))
}

/** Before an undo, which is another run's doing, and before the org was found to hold what the run denied. */
function verdictThen({ status, verdict, undo, stray }: Run): Verdict | null {
  if (status !== 'done') return null
  if (stray) return stray.was
  return verdict === 'undone' ? (undo?.was ?? verdict) : verdict
}

function verdictNow({ ended }: Recomputed): Verdict | null {
  const last = ended.at(-1)?.outcome
  return last?.kind === 'finish' ? last.verdict : null
}

/** A question that is not recorded is where the record ends, unless that phase had come to its result. */
function wentAstray({ stoppedBy, tape }: Recomputed): Replay['asked'] {
  const error = stoppedBy?.error
  if (!(error instanceof NotRecorded) || !tape.resultOf(error.phase)) return []
  return [{ phase: error.phase, key: error.key, how: 'not asked then' }]
}

/** A run that failed here then, fails here again. */
function brokenPhase({ stoppedBy, tape }: Recomputed): Phase | null {
  if (!stoppedBy || stoppedBy.error instanceof NotRecorded) return null
  return tape.resultOf(stoppedBy.phase) ? stoppedBy.phase : null
}
