// Walks one run through its phases as far as it goes now: to a person, to a hold, or to its end.
import type { Phase } from '../../contract/states.ts'
import { BegunTooOften, LeaseLost, NotFound } from '../domain/errors.ts'
import { assertIntact } from '../domain/intact.ts'
import { addSeconds } from '../../contract/values/instant.ts'
import type { InputMix } from '../domain/input-mix.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { Ids } from '../ports/clock.ts'
import type { Store, Tx } from '../ports/store.ts'
import type { PhaseFunction, PhaseOutcome } from './phase.ts'
import type { HeldFor, Run } from '../domain/run.ts'
import { phaseAfter } from '../domain/transitions.ts'
import { containAfter, type Contained } from './switch/containment.ts'
import { phaseContext, type ContextDeps } from './context.ts'
import { failRun, hasPassed, holdRun, reasonToAwaitReading, reasonToHold } from './hold.ts'
import { lockOpenRun, isStopped, openJournal, RESULT, RunStopped, type RunLease, type Journal } from './journal.ts'
import { assertMayOpen, assertMayOpenLater } from './bounds/open-limit.ts'
import { secondsToWake } from './bounds/pace.ts'
import { startAgain } from './start-run.ts'
import { assertStartsOn } from './switch/unusual-volume.ts'
import type { TakenLease, WorkerLeases } from './worker-leases.ts'

export interface RunnerDeps extends ContextDeps {
  ids: Ids
  leases: WorkerLeases
  phases: Record<Phase, PhaseFunction>
  /** What thinks: results of another engine may differ. */
  engine: string
  /** Told of errors that end a run; it must not log what records hold. */
  onError?(runId: string, error: unknown): void
  /** Receives what the brain stopped by itself after a breach. */
  onContained?(contained: Contained): void
}

/** `busy`: another worker has it, or this one has another suspect; a wake-up was left behind; `gone`: it was taken over or stopped meanwhile. */
export type Advanced = 'busy' | 'gone' | Run['status']

/** A run that was begun so often without coming further is set aside. */
const MOST_BEGINS = 5
const RENEW_SECONDS = 10
const BUSY_SECONDS = 1

/** Advances the run and returns where it stands. Throws only when the store fails: the run is then found again by `dueRuns`. */
export async function advanceRun(deps: RunnerDeps, runId: string): Promise<Advanced> {
  const lease = await deps.leases.take(runId)
  if (!lease) return leaveWakeUp(deps, runId)
  const stopRenewing = deps.every(RENEW_SECONDS, () => lease.renew())
  try {
    return await advanceHeld(deps, lease)
  } finally {
    stopRenewing()
    await lease.giveBack()
  }
}

/** Whoever has the run may already be past what this wake-up is about. */
async function leaveWakeUp(deps: RunnerDeps, runId: string): Promise<Advanced> {
  const run = await deps.store.run(runId)
  if (!run || isStopped(run)) return 'gone'
  await deps.store.transaction((tx) => tx.addOutbox({ kind: 'advance-run', about: runId, dueInSeconds: BUSY_SECONDS }))
  return 'busy'
}

async function advanceHeld(deps: RunnerDeps, held: TakenLease): Promise<Advanced> {
  try {
    if (held.begins > MOST_BEGINS) throw new BegunTooOften(MOST_BEGINS)
    await walk(deps, held)
  } catch (error) {
    if (error instanceof RunStopped || error instanceof LeaseLost) return 'gone'
    await settleError(deps, held, error)
  }
  return (await deps.store.run(held.runId))?.status ?? 'gone'
}

async function settleError(deps: RunnerDeps, held: RunLease, error: unknown): Promise<void> {
  const hold = reasonToHold(error) ?? (await reasonToAwaitReading(deps.store, held.runId, error))
  if (!hold?.retry) deps.onError?.(held.runId, error)
  try {
    await contain(deps, held, error)
    if (hold) await holdRun(deps, held, hold)
    else await failRun(deps, held, error)
  } catch (second) {
    if (!(second instanceof RunStopped || second instanceof LeaseLost)) throw second
  }
}

/** Before the run ends or holds: a process that ends in between meets the same breach again. */
async function contain(deps: RunnerDeps, { runId }: RunLease, error: unknown): Promise<void> {
  const run = await deps.store.run(runId)
  if (!run) return
  for (const contained of await containAfter(deps, run, error)) deps.onContained?.(contained)
}

async function walk(deps: RunnerDeps, held: RunLease): Promise<void> {
  const { store } = deps
  const taken = await takeUp(deps, held)
  let { run } = taken
  let { heldFor } = taken
  const mission = await missionOf(deps, run)
  const journal = await openJournal(store, held, deps.engine)
  const since = deps.clock.now()
  for (;;) {
    await assertStartsOn(store, run)
    await assertMayOpenLater(store, run, mission)
    const outcome = await deps.phases[run.phase](phaseContext(deps, run, mission, { journal, since })).catch(
      async (error: unknown) => {
        if (heldFor && hasPassed(heldFor, error)) await wakeAlike(store, heldFor)
        throw error
      },
    )
    run = await settle(deps, held, { journal, mission, phase: run.phase }, outcome)
    // What held it has passed, and holds the others no longer.
    if (heldFor) await wakeAlike(store, heldFor)
    heldFor = null
    if (outcome.kind !== 'next') return
  }
}

function wakeAlike(store: Store, cause: HeldFor): Promise<void> {
  return store.transaction(async (tx) => tx.wakeHeld(cause, secondsToWake(await tx.heldRuns(cause))))
}

/** A held run tries again; a waiting one only says it runs once it does something new. `heldFor`: what the run held for with others. */
async function takeUp({ store }: RunnerDeps, held: RunLease): Promise<{ run: Run; heldFor: HeldFor | null }> {
  return store.transaction(async (tx) => {
    const run = await lockOpenRun(tx, held)
    if (run.status !== 'held') return { run, heldFor: null }
    const { heldFor = null } = run
    return {
      run: await tx.updateRun(run.id, { status: 'running', reason: null, nextTryAt: null, heldFor: null }),
      heldFor,
    }
  })
}

async function missionOf({ store }: RunnerDeps, run: Run): Promise<MissionVersion> {
  const mission = await store.mission(run.mission, run.missionVersion)
  if (!mission) throw new NotFound(`mission ${run.mission} v${run.missionVersion}`)
  assertIntact(mission)
  return mission
}

/** Stores how a phase ended, in one transaction with everything that follows from it. */
async function settle(
  deps: RunnerDeps,
  held: RunLease,
  { journal, mission, phase }: { journal: Journal; mission: MissionVersion; phase: Phase },
  outcome: PhaseOutcome,
): Promise<Run> {
  const kept = { keep: () => {} }
  const run = await deps.store.transaction(async (tx) => {
    const before = await lockOpenRun(tx, held)
    if (outcome.kind === 'wait') {
      if (outcome.for === 'person') await assertMayOpen(tx, before, mission)
      return wait(deps, tx, before, outcome)
    }
    kept.keep = (await journal.appendResult(tx, phase, outcome.result)).keep
    await tx.observe(before.id, phase, RESULT, outcome.say ?? [])
    if (outcome.claims) await tx.addModelClaims(before, outcome.claims)
    return outcome.kind === 'next' ? next(tx, before, phase) : finish(deps, tx, before, outcome)
  })
  kept.keep()
  if (outcome.kind !== 'wait' && outcome.mix) await countInputs(deps, run, outcome.mix)
  return run
}

/** The run goes on without its count when that fails, or when the process ends here: no shift depends on one run. */
async function countInputs({ store }: RunnerDeps, { mission, trigger }: Run, mix: InputMix): Promise<void> {
  const { kind, change, subject } = trigger
  const own = { trigger: change === null ? kind : `${kind} ${change}`, object: subject?.object ?? 'none' }
  await store.countInputs(mission, { ...own, ...mix }).catch(() => undefined)
}

function next(tx: Tx, run: Run, phase: Phase): Promise<Run> {
  const following = phaseAfter(phase)
  if (!following) throw new TypeError(`phase ${phase} is the last: it must finish or wait`)
  return tx.updateRun(run.id, { status: 'running', phase: following, reason: null, nextTryAt: null, tries: 0 })
}

async function finish(
  deps: RunnerDeps,
  tx: Tx,
  run: Run,
  outcome: Extract<PhaseOutcome, { kind: 'finish' }>,
): Promise<Run> {
  await outcome.within?.(tx)
  const { verdict, differences = [] } = outcome
  const done = await tx.updateRun(run.id, {
    status: 'done',
    verdict,
    differences: [...differences],
    reason: null,
    nextTryAt: null,
    tries: 0,
  })
  if (done.decisionId !== null) await tx.addOutbox({ kind: 'decision-ended', about: done.decisionId, dueInSeconds: 0 })
  await outcome.afterwards?.(tx)
  if (done.retrigger) await startAgain(deps, tx, done)
  return done
}

async function wait(
  deps: RunnerDeps,
  tx: Tx,
  run: Run,
  outcome: Extract<PhaseOutcome, { kind: 'wait' }>,
): Promise<Run> {
  const { key, say = [], dueInSeconds } = outcome
  await tx.observe(run.id, run.phase, key, say)
  await outcome.within?.(tx)
  const nextTryAt = dueInSeconds === undefined ? null : addSeconds(deps.clock.now(), dueInSeconds)
  if (dueInSeconds !== undefined) await tx.addOutbox({ kind: 'advance-run', about: run.id, dueInSeconds })
  const status = outcome.for === 'person' ? 'waiting' : 'running'
  const unchanged = run.status === status && run.nextTryAt === nextTryAt && run.reason === null && run.tries === 0
  return unchanged ? run : tx.updateRun(run.id, { status, reason: null, nextTryAt, tries: 0 })
}
