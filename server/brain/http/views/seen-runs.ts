import type { RunView } from '../../../contract/http.ts'
import { NotFound } from '../../domain/errors.ts'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { Run } from '../../domain/run.ts'
import { alsoSeeing } from '../../visibility/visibility.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { RouteContext } from '../requests/route-context.ts'
import { endedInRun } from './ended.ts'
import { maySeeRun, runView, union, wantedByRun } from './run-view.ts'

/** Views of the runs that the caller may see; none unless it may read `about` too: a list must not reveal its members. */
export async function seenRuns(
  doors: RouteContext,
  caller: SessionCaller,
  runs: readonly Run[],
  about?: string,
): Promise<RunView[]> {
  const wanted = union([...runs.map(wantedByRun), { records: about ? [about] : [], fields: [] }])
  const access = await doors.visibility.readAccessOf(caller.userId, wanted)
  const seen = runs.filter((run) => maySeeRun(run, access))
  const views = await Promise.all(
    seen.map(async (run) => {
      const inRun = await sightInRun(doors, caller, run, access)
      return about && !inRun.record(about) ? [] : [runView(run, inRun)]
    }),
  )
  return views.flat()
}

/** A run the caller may see. Throws NotFound. */
export async function seenRun(
  doors: RouteContext,
  caller: SessionCaller,
  id: string,
): Promise<{ run: Run; access: ReadAccess }> {
  const run = await doors.store.run(id)
  if (!run) throw new NotFound('run')
  const access = await doors.visibility.readAccessOf(caller.userId, wantedByRun(run))
  if (!maySeeRun(run, access)) throw new NotFound('run')
  return { run, access: await sightInRun(doors, caller, run, access) }
}

/** The same visibility, plus the records that the caller ended in this run. */
export async function sightInRun(
  doors: RouteContext,
  caller: SessionCaller,
  run: Run,
  access: ReadAccess,
): Promise<ReadAccess> {
  return alsoSeeing(access, await endedInRun(doors.store, doors.clock, caller, run))
}
