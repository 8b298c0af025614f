import { formatCount, formatLabel, hasEnded, phases, verdictWords } from 'c/missionWords'
import type { RunView } from '../../../../../server/contract/http.ts'
import type { Phase, Verdict } from '../../../../../server/contract/states.ts'
import type { ReplayView } from '../../../../../server/contract/replay.ts'
import { labels } from './labels'

type WalkedPhase = ReplayView['phases'][number]

const wordOf = (phase: Phase) => phases.find((each) => each.phase === phase)?.word ?? phase
const verdictOf = (verdict: Verdict | null) => (verdict === null ? labels.none : verdictWords[verdict])
const usedOtherRules = ({ engine }: WalkedPhase) => engine === 'another'

/** One sentence: identical or not, how much was compared, and how far the record goes. */
export function outcomeText(replay: ReplayView, { status }: Pick<RunView, 'status'>): string {
  const isWhole = hasEnded(status)
  if (!replay.isSame) return isWhole ? labels.notSame : labels.notSameSoFar
  const { phases: walked, observations, versions } = replay
  const parts = [
    formatCount(walked.length, labels.phasesOne, labels.phasesMany),
    formatCount(observations.compared, labels.observationsOne, labels.observationsMany),
    ...(versions.length > 0 ? [formatCount(versions.length, labels.changeSetsOne, labels.changeSetsMany)] : []),
  ]
  const same = formatLabel(isWhole ? labels.same : labels.sameSoFar, parts.join(', '))
  return walked.some(usedOtherRules) ? `${same} ${labels.otherRules}` : same
}

/** A line for each difference, in the order of the phases. */
export function differences(replay: ReplayView): string[] {
  const { phases: walked, versions, verdict, observations, asked, brokeOffIn } = replay
  return [
    ...walked.flatMap(phaseLines),
    ...(brokeOffIn ? [formatLabel(labels.brokeOff, wordOf(brokeOffIn))] : []),
    ...asked.map(({ phase, key, how }) => formatLabel(askedLabels[how], wordOf(phase), key)),
    ...versions
      .filter(({ recorded, recomputed }) => recorded !== recomputed)
      .map(({ version, recomputed }) =>
        formatLabel(recomputed ? labels.otherDigest : labels.notComposed, String(version)),
      ),
    ...(verdict.recorded === verdict.recomputed
      ? []
      : [formatLabel(labels.verdict, verdictOf(verdict.recorded), verdictOf(verdict.recomputed))]),
    ...observations.otherwise.map(({ phase, recorded, recomputed }) =>
      formatLabel(labels.observation, wordOf(phase), recorded ?? labels.nothing, recomputed ?? labels.nothing),
    ),
  ]
}

const askedLabels: Record<ReplayView['asked'][number]['how'], string> = {
  'not asked then': labels.notAskedThen,
  'asked otherwise then': labels.askedOtherwise,
  'not asked again': labels.notAskedAgain,
}

function phaseLines(walked: WalkedPhase): string[] {
  const { phase, result } = walked
  const word = wordOf(phase)
  if (result === 'same') return []
  if (result === 'other')
    return [formatLabel(usedOtherRules(walked) ? labels.otherResultRules : labels.otherResult, word)]
  return [formatLabel(usedOtherRules(walked) ? labels.notReachedRules : labels.notReached, word)]
}
