import type { DecisionSummary } from '../../../../../server/contract/http.ts'
import { labels } from './labels'
import { newsTextOf, textOfEmpty, titleOf } from './queueTexts'

/** The state of the queue. */
interface State {
  recordId: string | null
  items: DecisionSummary[] | null
  selected: DecisionSummary | null
  errorText: string | null
  newCount: number
  opened: boolean
  listed: boolean
  showPast: boolean
  showHelp: boolean
  flexipageRegionWidth: string | null
}

/** The part of it on the screen. */
export interface View {
  title: string
  /** A record page whose decision is not opened: one line names it. */
  isFolded: boolean
  canClose: boolean
  /** A record page shows past changes in the rail. */
  canShowPast: boolean
  pastText: string
  isLoading: boolean
  /** The text of the folded line where it names no decision; null while nothing is known. */
  noteText: string | null
  emptyText: string | null
  /** The error where the folded line does not show it. */
  errorText: string | null
  others: number
  hasList: boolean
  showsPane: boolean
  newsText: string
  layoutClass: string
  helpOpen: 'true' | 'false'
  activeDomId: string | null
}

export function viewOf(state: State): View {
  const { items, selected, errorText } = state
  const isAboutRecord = Boolean(state.recordId)
  const isFolded = isAboutRecord && !state.opened
  const others = Math.max(0, (items?.length ?? 0) - 1)
  const hasList = state.listed && !isFolded && others > 0
  const nothing = items?.length === 0 ? textOfEmpty(isAboutRecord) : null
  return {
    title: state.showPast ? labels.decided : titleOf(items),
    isFolded,
    canClose: isAboutRecord && state.opened,
    canShowPast: !isAboutRecord,
    pastText: state.showPast ? labels.showWaiting : labels.showDecided,
    isLoading: !items && !errorText && !isFolded && !state.showPast,
    noteText: nothing,
    errorText: isFolded ? null : errorText,
    emptyText: isFolded || state.showPast ? null : nothing,
    others,
    hasList,
    showsPane: selected !== null && !isFolded,
    newsText: newsTextOf(state.newCount, hasList),
    layoutClass: hasList ? `layout split ${state.flexipageRegionWidth ?? ''}` : 'layout',
    helpOpen: state.showHelp ? 'true' : 'false',
    activeDomId: selected ? `option-${selected.id}` : null,
  }
}
