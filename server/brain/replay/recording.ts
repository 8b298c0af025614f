import type { ChangeSetVersion } from '../domain/decision.ts'
import { eraserWords } from '../domain/erasure.ts'
import { ContentsErased, NotFound } from '../domain/errors.ts'
import type { Reads } from '../ports/store.ts'
import type { Recording } from './shapes/replay.ts'

const MOST_OBSERVATIONS = 10_000

/** Gathers what is kept of a run. Throws NotFound, or ContentsErased when its contents were destroyed. */
export async function readRecording(reads: Reads, runId: string): Promise<Recording> {
  const run = await reads.run(runId)
  if (!run) throw new NotFound('run')
  if (run.erased) throw new ContentsErased(runId, { at: run.erased.at, by: eraserWords(run.erased.by) })
  const mission = await reads.mission(run.mission, run.missionVersion)
  if (!mission) throw new NotFound(`mission ${run.mission} v${run.missionVersion}`)
  const [entries, observations, decision] = await Promise.all([
    reads.journal(runId),
    reads.observations(runId, null, MOST_OBSERVATIONS),
    run.decisionId ? reads.decision(run.decisionId) : null,
  ])
  const versions: ChangeSetVersion[] = []
  for (let n = 1; decision && n <= decision.version; n += 1) {
    const version = await reads.changeSet(decision.id, n)
    if (version) versions.push(version)
  }
  const approvals = decision ? await reads.approvals(decision.id) : []
  return { run, mission, entries, observations, decision, versions, approvals }
}
