import type { RunView } from '../../../contract/http.ts'
import { NotFound } from '../../domain/errors.ts'
import type { Sight } from '../../domain/phrase.ts'
import type { Run } from '../../domain/run.ts'
import { alsoSeeing } from '../../visibility/visibility.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { Doors } from '../requests/route-context.ts'
import { endedInRun } from './ended.ts'
import { maySeeRun, runView, together, wantedByRun } from './run-view.ts'

/** Views of the runs that the caller may see; none unless it may read `about` too: a list must not reveal its members. */
export async function seenRuns(
  doors: Doors,
  caller: SessionCaller,
  runs: readonly Run[],
  about?: string,
): Promise<RunView[]> {
  const wanted = together([...runs.map(wantedByRun), { records: about ? [about] : [], fields: [] }])
  const sight = await doors.visibility.sightOf(caller.userId, wanted)
  const seen = runs.filter((run) => maySeeRun(run, sight))
  const views = await Promise.all(
    seen.map(async (run) => {
      const inRun = await sightInRun(doors, caller, run, sight)
      return about && !inRun.record(about) ? [] : [runView(run, inRun)]
    }),
  )
  return views.flat()
}

/** A run the caller may see. Throws NotFound. */
export async function seenRun(doors: Doors, caller: SessionCaller, id: string): Promise<{ run: Run; sight: Sight }> {
  const run = await doors.store.run(id)
  if (!run) throw new NotFound('run')
  const sight = await doors.visibility.sightOf(caller.userId, wantedByRun(run))
  if (!maySeeRun(run, sight)) throw new NotFound('run')
  return { run, sight: await sightInRun(doors, caller, run, sight) }
}

/** The same visibility, plus the records that the caller ended in this run. */
export async function sightInRun(doors: Doors, caller: SessionCaller, run: Run, sight: Sight): Promise<Sight> {
  return alsoSeeing(sight, await endedInRun(doors.store, doors.clock, caller, run))
}
