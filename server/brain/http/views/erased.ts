import type { ErasedDecision, ErasedView } from '../../../contract/http.ts'
import { eraserWords, type ErasedMark } from '../../domain/erasure.ts'
import { ContentsErased } from '../../domain/errors.ts'
import type { Decision } from '../../domain/decision.ts'
import type { Run } from '../../domain/run.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { RouteContext } from '../requests/route-context.ts'
import { maySeeRun, union, wantedByRun } from './run-view.ts'

export function erasedView({ at, by }: ErasedMark): ErasedView {
  return { at, by: eraserWords(by) }
}

/** The rest of the erased decisions, for a caller who may see their runs, and the record `about` too. */
export async function erasedDecisions(
  doors: RouteContext,
  caller: SessionCaller,
  decisions: readonly Decision[],
  about?: string,
): Promise<ErasedDecision[]> {
  const erased = decisions.filter(({ isErased }) => isErased)
  if (erased.length === 0) return []
  const runs = await Promise.all(erased.map(({ runId }) => doors.store.run(runId)))
  const known = runs.filter((run) => run !== null)
  const wanted = union([...known.map(wantedByRun), { records: about ? [about] : [], fields: [] }])
  const access = await doors.visibility.readAccessOf(caller.userId, wanted)
  if (about && !access.record(about)) return []
  return erased.flatMap((decision, at) => {
    const run = runs[at]
    return run?.erased && maySeeRun(run, access) ? [whatIsLeft(decision, run, run.erased)] : []
  })
}

function whatIsLeft(decision: Decision, run: Run, mark: ErasedMark): ErasedDecision {
  const { id, runId, mission, status, version, createdAt } = decision
  return {
    id,
    runId,
    mission,
    status,
    version,
    createdAt,
    runStatus: run.status,
    verdict: run.verdict,
    erased: erasedView(mark),
  }
}

/** Throws ContentsErased, with the rest, for an erased decision that the caller may know of. */
export async function refuseErased(doors: RouteContext, caller: SessionCaller, decisionId: string): Promise<void> {
  const decision = await doors.store.decision(decisionId)
  if (!decision?.isErased) return
  const [left] = await erasedDecisions(doors, caller, [decision])
  if (left) throw new ContentsErased(left.runId, left.erased)
}
