import { Conflict, NotFound } from '../domain/errors.ts'
import type { Store, Tx } from '../ports/store.ts'
import type { Run } from '../domain/run.ts'
import { closeDecision } from './hold.ts'

export type SteeringVerb = 'pause' | 'resume' | 'cancel'

const STEERING: Record<SteeringVerb, (tx: Tx, run: Run) => Promise<void>> = {
  async pause(tx, run) {
    await tx.updateRun(run.id, { status: 'paused', reason: ['Paused by a person'], nextTryAt: null })
  },

  /** Also brings a held run's next try forward. */
  async resume(tx, run) {
    if (run.isAltered)
      throw new Conflict('wrong-status', 'this run was changed in the database: it can be cancelled, not resumed')
    if (run.status !== 'paused' && run.status !== 'held')
      throw new Conflict('wrong-status', `a run that is ${run.status} goes on by itself`)
    await tx.updateRun(run.id, { status: 'running', reason: null, nextTryAt: null, tries: 0 })
    await tx.addOutbox({ kind: 'advance-run', about: run.id, dueInSeconds: 0 })
  },

  async cancel(tx, run) {
    if (run.phase === 'commit') throw new Conflict('writing-begun', 'a run that has begun to write cannot be cancelled')
    await tx.updateRun(run.id, { status: 'cancelled', reason: ['Cancelled by a person'], nextTryAt: null })
    await closeDecision(tx, run)
  },
}

/** Pauses, resumes or cancels a run for a person. Throws NotFound, IllegalTransition or Conflict. */
export async function steerRun(deps: { store: Store }, verb: SteeringVerb, runId: string): Promise<void> {
  await deps.store.transaction(async (tx) => {
    // Locked: what a person wants is judged by where the run is, which a worker must not change in between.
    const run = await tx.lockRun(runId)
    if (!run) throw new NotFound('run')
    await STEERING[verb](tx, run)
  })
}
