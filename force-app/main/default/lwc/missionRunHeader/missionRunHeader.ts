// The head of a run: what it is, where it stands among the seven phases, and its verdict.
import { LightningElement, api } from 'lwc'
import { clock, counted, erasedText, phases, runWords } from 'c/missionWords'
import type { RunView } from '../../../../../server/contract/http.ts'
import type { Verdict } from '../../../../../server/contract/states.ts'

const verdicts: Record<Verdict, string> = {
  verified: 'Verified: Salesforce holds what was approved.',
  differs: 'Done, with differences: see what Salesforce holds instead.',
  partly: 'Partly done: some records were changed.',
  unknown: 'Unknown: Salesforce did not say whether it wrote.',
  failed: 'Not done: nothing was changed.',
  'nothing to do': 'Nothing to do: nothing was changed.',
  rejected: 'Rejected: nothing was changed.',
  expired: 'Expired: nothing was changed.',
  undone: 'Undone: what could come back was put back.',
}

export default class MissionRunHeader extends LightningElement {
  @api run: RunView | null = null
  /** How many observations are shown below. */
  @api steps = 0

  get status(): { word: string; icon: string } | null {
    return this.run ? runWords[this.run.status] : null
  }

  get facts(): string {
    const { run } = this
    if (!run) return ''
    return [
      `v${run.missionVersion}`,
      ...(run.erased ? [] : [counted(this.steps, 'step')]),
      counted(run.apiCalls, 'API call'),
      `since ${clock(run.startedAt)}`,
    ].join(' · ')
  }

  get reason(): string {
    const { reason = null, nextTryAt = null } = this.run ?? {}
    if (!reason) return ''
    return nextTryAt ? `${reason} Next try ${clock(nextTryAt)}.` : reason
  }

  get erased(): string {
    return this.run?.erased ? erasedText(this.run.erased) : ''
  }

  get verdict(): string {
    return this.run?.verdict ? verdicts[this.run.verdict] : ''
  }

  /** A subject without a known name is the record of the page or hidden; neither needs a link here. */
  get subject(): RunView['subject'] {
    return this.run?.subject?.name ? this.run.subject : null
  }

  get isOver(): boolean {
    return this.run !== null && ['done', 'failed', 'cancelled'].includes(this.run.status)
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
        state: isPast ? 'done' : isHere ? 'now' : 'not yet',
        current: isHere ? 'step' : null,
        className: isPast ? 'step past' : isHere ? 'step here' : 'step',
      }
    })
  }
}
