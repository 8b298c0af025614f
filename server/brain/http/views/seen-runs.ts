import type { RunView } from '../../../contract/http.ts'
import { NotFound } from '../../domain/errors.ts'
import type { Sight } from '../../domain/phrase.ts'
import type { Run } from '../../domain/run.ts'
import { alsoSeeing } from '../../visibility/visibility.ts'
import type { SessionCaller } from '../caller.ts'
import type { Doors } from '../doors.ts'
import { endedInRun } from './ended.ts'
import { maySeeRun, runView, together, wantedByRun } from './run-view.ts'

/** The runs the caller may see, as it may see them. */
export async function seenRuns(doors: Doors, caller: SessionCaller, runs: readonly Run[]): Promise<RunView[]> {
  const sight = await doors.visibility.sightOf(caller.userId, together(runs.map(wantedByRun)))
  const seen = runs.filter((run) => maySeeRun(run, sight))
  return Promise.all(seen.map(async (run) => runView(run, await sightInRun(doors, caller, run, sight))))
}

/** A run the caller may see. Throws NotFound. */
export async function seenRun(doors: Doors, caller: SessionCaller, id: string): Promise<{ run: Run; sight: Sight }> {
  const run = await doors.store.run(id)
  if (!run) throw new NotFound('run')
  const sight = await doors.visibility.sightOf(caller.userId, wantedByRun(run))
  if (!maySeeRun(run, sight)) throw new NotFound('run')
  return { run, sight: await sightInRun(doors, caller, run, sight) }
}

/** The same sight with what the caller itself ended in this run. */
export async function sightInRun(doors: Doors, caller: SessionCaller, run: Run, sight: Sight): Promise<Sight> {
  return alsoSeeing(sight, await endedInRun(doors.store, doors.clock, caller, run))
}
