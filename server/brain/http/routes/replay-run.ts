import { ReplayAnswer, type ReplayView } from '../../../contract/replay.ts'
import { render, type Phrase, type ReadAccess } from '../../domain/phrase.ts'
import type { Replay } from '../../replay/shapes/replay.ts'
import { route } from '../requests/route.ts'
import { observationView, runView, union, wantedByObservation } from '../views/run-view.ts'
import { seenRun, sightInRun } from '../views/seen-runs.ts'

const MOST_OBSERVATIONS = 2_000

export const replayRun = route({
  method: 'get',
  path: '/api/v1/runs/{id}/replay',
  summary: 'The run computed again from its record, with the network off, beside what was recorded. Nothing is touched',
  needs: ['Audit_Missions', 'Administer_Missions'],
  answers: ReplayAnswer,
  async handle(doors, { caller, param }) {
    const { run, access } = await seenRun(doors, caller, param('id'))
    const [journal, observations, replay] = await Promise.all([
      doors.store.journal(run.id),
      doors.store.observations(run.id, null, MOST_OBSERVATIONS),
      run.erased ? null : doors.replayRun(run.id),
    ])
    const wanted = union([...observations, ...saidOtherwise(replay)].map(wantedByObservation))
    const seen = await sightInRun(doors, caller, run, await doors.visibility.readAccessOf(caller.userId, wanted))
    return {
      recorded: true as const,
      run: runView(run, access),
      steps: journal.map(({ n, phase, key, requestHash, chain, at }) => ({ n, phase, key, requestHash, chain, at })),
      observations: observations.map((observation) => observationView(observation, seen)),
      recomputed: replay && replayView(replay, seen),
    }
  },
})

const saidOtherwise = (replay: Replay | null) =>
  (replay?.observations.otherwise ?? []).flatMap(({ recomputed }) => recomputed ?? [])

function replayView(replay: Replay, access: ReadAccess): ReplayView {
  const { compared, otherwise } = replay.observations
  const shown = (said: { text: Phrase } | null) => said && render(said.text, access)
  return {
    ...replay,
    observations: {
      compared,
      otherwise: otherwise.map(({ phase, key, recorded, recomputed }) => {
        return { phase, key, recorded: shown(recorded), recomputed: shown(recomputed) }
      }),
    },
  }
}
