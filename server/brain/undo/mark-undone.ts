import type { PhaseTx } from '../runs/phase.ts'
import type { Run } from '../domain/run.ts'
import { nextVerdict, VERDICT_TRANSITIONS } from '../domain/transitions.ts'

/**
 * Once an undo is verified, the run it put back is `undone`. If that run was an undo itself, the one before it holds again, with
 * the verdict it had, and so on down the chain. Does nothing for any other run.
 */
export async function markUndone(tx: PhaseTx, undo: Pick<Run, 'id' | 'trigger'>): Promise<void> {
  const target = undo.trigger.undo && (await tx.run(undo.trigger.undo.runId))
  // What was written is written: a first run that no longer waits for this stays as it is.
  if (!target?.verdict || target.erased || !VERDICT_TRANSITIONS[target.verdict].includes('undone')) return
  const verdict = nextVerdict(target.verdict, 'undone')
  await tx.updateRun(target.id, { verdict, undo: { runId: undo.id, was: target.verdict } })
  await holdAgain(tx, target)
}

async function holdAgain(tx: PhaseTx, undone: Run): Promise<void> {
  const target = undone.trigger.undo && (await tx.run(undone.trigger.undo.runId))
  if (!target?.verdict || target.erased || !target.undo?.was || target.undo.runId !== undone.id) return
  const verdict = nextVerdict(target.verdict, target.undo.was)
  const run = await tx.updateRun(target.id, { verdict, undo: { runId: undone.id, was: null } })
  await markUndone(tx, run)
}
