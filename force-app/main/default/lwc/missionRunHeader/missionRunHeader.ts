// The head of a run: title, status, the seven phases and the verdict.
import { LightningElement, api } from 'lwc'
import {
  clock,
  erasedText,
  formatCount,
  formatLabel,
  hasEnded,
  phases,
  runWords,
  sharedLabels,
  verdictSentences,
} from 'c/missionWords'
import type { RunView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

export default class MissionRunHeader extends LightningElement {
  @api run: RunView | null = null
  /** How many observations are shown below. */
  @api steps = 0

  readonly labels = labels

  get status(): { word: string; icon: string } | null {
    return this.run ? runWords[this.run.status] : null
  }

  get facts(): string {
    const { run } = this
    if (!run) return ''
    return [
      formatLabel(sharedLabels.version, String(run.missionVersion)),
      ...(run.erased ? [] : [formatCount(this.steps, labels.stepsOne, labels.stepsMany)]),
      formatCount(run.apiCalls, sharedLabels.apiCallsOne, sharedLabels.apiCallsMany),
      formatLabel(labels.started, clock(run.startedAt)),
      ...(this.subject ? [labels.about] : []),
    ].join(' · ')
  }

  get reason(): string {
    const { reason = null, nextTryAt = null } = this.run ?? {}
    if (!reason) return ''
    return nextTryAt ? `${reason} ${formatLabel(sharedLabels.nextTry, clock(nextTryAt))}` : reason
  }

  get erased(): string {
    return this.run?.erased ? erasedText(this.run.erased) : ''
  }

  get verdict(): string {
    return this.run?.verdict ? verdictSentences[this.run.verdict] : ''
  }

  /** A subject without a known name is the record of the page or hidden; neither needs a link here. */
  get subject(): RunView['subject'] {
    return this.run?.subject?.name ? this.run.subject : null
  }

  get isOver(): boolean {
    return this.run !== null && hasEnded(this.run.status)
  }

  get path(): {
    phase: string
    word: string
    mark: string
    state: string
    current: string | null
    className: string
  }[] {
    const at = phases.findIndex(({ phase }) => phase === this.run?.phase)
    return phases.map(({ phase, word }, index) => {
      const isPast = index < at || (this.isOver && index <= at)
      const isHere = index === at && !this.isOver
      return {
        phase,
        word,
        mark: isPast ? '✓' : isHere ? '●' : '○',
        state: isPast ? labels.done : isHere ? labels.current : labels.notYet,
        current: isHere ? 'step' : null,
        className: isPast ? 'step past' : isHere ? 'step here' : 'step',
      }
    })
  }
}
