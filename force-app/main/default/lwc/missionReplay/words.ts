import { counted, phases } from 'c/missionWords'
import type { RunView } from '../../../../../server/contract/http.ts'
import type { Phase } from '../../../../../server/contract/states.ts'
import type { ReplayView } from '../../../../../server/contract/replay.ts'

const wordOf = (phase: Phase) => phases.find((each) => each.phase === phase)?.word ?? phase

/** One sentence: the same or not, of how much, and how far the record goes. */
export function outcome(replay: ReplayView, { status }: Pick<RunView, 'status'>): string {
  const { phases: walked, observations, versions, isSame } = replay
  const far = ['done', 'failed', 'cancelled'].includes(status) ? '' : ' as far as its record goes'
  if (!isSame) return `Computed again${far}: not the same.`
  const parts = [
    counted(walked.length, 'phase'),
    counted(observations.compared, 'observation'),
    ...(versions.length > 0 ? [counted(versions.length, 'change set')] : []),
  ]
  const engine = walked.some((phase) => phase.engine === 'another') ? ' An earlier engine had computed part of it.' : ''
  return `Computed again${far}: the same to the byte (${parts.join(', ')}).${engine}`
}

/** Everything that came out otherwise, a line each, in the order of the phases. */
export function differing({
  phases: walked,
  versions,
  verdict,
  observations,
  asked,
  brokeOffIn,
}: ReplayView): string[] {
  const by = (engine: string) => (engine === 'another' ? ', then by another engine' : '')
  return [
    ...walked.flatMap(({ phase, engine, result }) => {
      if (result === 'other') return [`${wordOf(phase)} came to another result${by(engine)}.`]
      return result === 'not reached' ? [`${wordOf(phase)} was not reached again${by(engine)}.`] : []
    }),
    ...(brokeOffIn ? [`${wordOf(brokeOffIn)} could make nothing of the recorded answers.`] : []),
    ...asked.map(({ phase, key, how }) => `${wordOf(phase)}: “${key}” was ${how}.`),
    ...versions
      .filter(({ recorded, recomputed }) => recorded !== recomputed)
      .map(({ version, recomputed }) => {
        return recomputed
          ? `Change set ${version} has another digest.`
          : `Change set ${version} was not composed again.`
      }),
    ...(verdict.recorded === verdict.recomputed
      ? []
      : [`The verdict was ${verdict.recorded ?? 'none'}, and is ${verdict.recomputed ?? 'none'} now.`]),
    ...observations.otherwise.map(({ phase, recorded, recomputed }) => {
      return `${wordOf(phase)} said “${recorded ?? 'nothing'}”, and says “${recomputed ?? 'nothing'}” now.`
    }),
  ]
}
