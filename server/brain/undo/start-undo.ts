// Starting the way back: a run of the same mission that proposes to put an earlier decision back.
import { Conflict, NotFound } from '../domain/errors.ts'
import type { Store, Tx } from '../ports/store.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { Run, Trigger } from '../domain/run.ts'
import { whyNotUndone } from './plan/undo-state.ts'
import { insertNewRun, type StartDeps } from '../runs/start-run.ts'

type Deps = Pick<StartDeps, 'clock' | 'ids'>

export interface UndoAsked {
  decisionId: string
  reason: string
  /** Who asks: counts as the launcher, who may not approve it. Null: the mission itself, after a partial failure. */
  userId: string | null
  /** The same key gives the same run. */
  idempotencyKey: string
}

/**
 * Starts the undo of a decision. Throws NotFound, or Conflict: nothing was written, undone already, an undo is open, another run
 * about the record is open, or the key was used for something else.
 */
export function startUndo(deps: Deps & { store: Store }, asked: UndoAsked): Promise<{ runId: string }> {
  return deps.store.transaction((tx) => startUndoWithin(deps, tx, asked))
}

async function startUndoWithin(deps: Deps, tx: Tx, asked: UndoAsked): Promise<{ runId: string }> {
  const { run, last } = await lockedUndone(tx, asked.decisionId)
  const known = await tx.runOfTrigger(asked.idempotencyKey)
  if (known) return { runId: sameUndo(known, asked) }
  const why = whyNotUndone({ id: asked.decisionId }, run, last)
  if (why !== null) throw new Conflict('not-undoable', why)
  const mission = await versionForUndo(tx, run)
  const runId = await insertNewRun(deps, tx, mission, triggerOf(run, asked, deps.clock.now()))
  if (runId === null)
    throw new Conflict('run-active', 'Another run about this record is open: wait for it, or cancel it first.')
  await tx.updateRun(run.id, { undo: { runId, was: null } })
  return { runId }
}

/** Starts the way back of a partial failure by itself: it proposes, and people decide. Does nothing where an undo cannot start. */
export async function proposeWayBack(deps: Deps, tx: Tx, { decisionId }: Run): Promise<void> {
  if (decisionId === null) return
  const asked = { decisionId, reason: 'the write stopped part-way', userId: null }
  try {
    await startUndoWithin(deps, tx, { ...asked, idempotencyKey: `way-back:${decisionId}` })
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
  }
}

/**
 * The active version: the one that wrote is open for a few days only once another has taken its place. Where none is active, the
 * version that wrote: its run holds until administrators activate the mission again.
 */
async function versionForUndo(tx: Tx, run: Run): Promise<MissionVersion> {
  const active = (await tx.activeMissions()).find(({ name }) => name === run.mission)
  const mission = active ?? (await tx.mission(run.mission, run.missionVersion))
  if (!mission) throw new NotFound(`mission ${run.mission} v${run.missionVersion}`)
  return mission
}

/** The decision's lock keeps two people from starting two undos. */
async function lockedUndone(tx: Tx, decisionId: string): Promise<{ run: Run; last: Run | null }> {
  const decision = await tx.lockDecision(decisionId)
  const found = decision && (await tx.run(decision.runId))
  const last = found?.undo ? await tx.run(found.undo.runId) : null
  // Read again: an undo that ended between the two readings has set its verdict here.
  const run = decision && (await tx.run(decision.runId))
  if (!run) throw new NotFound('decision')
  return { run, last }
}

function sameUndo({ id, trigger }: Run, { decisionId, reason }: UndoAsked): string {
  if (trigger.undo?.decisionId !== decisionId || trigger.undo.reason !== reason)
    throw new Conflict('key-reused', 'this Idempotency-Key was used for another undo')
  return id
}

function triggerOf(run: Run, { decisionId, reason, userId, idempotencyKey }: UndoAsked, at: string): Trigger {
  const undo = { decisionId, runId: run.id, reason }
  return { kind: 'undo', change: null, subject: run.subject, scope: null, launcher: userId, at, idempotencyKey, undo }
}
