import type { DecisionSummary } from '../../../../../server/contract/http.ts'
import { newsTextOf, textOfEmpty, titleOf } from './words'

/** What the queue knows. */
interface State {
  recordId: string | null
  items: DecisionSummary[] | null
  selected: DecisionSummary | null
  trouble: string | null
  newCount: number
  opened: boolean
  listed: boolean
  showPast: boolean
  showHelp: boolean
  flexipageRegionWidth: string | null
}

/** What of it is on the screen. */
export interface View {
  title: string
  /** A record page, and nobody asked for the whole decision: it is named in one line. */
  isFolded: boolean
  canClose: boolean
  /** A record page tells of past changes in the rail. */
  canShowPast: boolean
  pastText: string
  isLoading: boolean
  /** What the folded line says where it names no decision; null while nothing is known. */
  noteText: string | null
  emptyText: string | null
  /** Trouble that is not told in the folded line. */
  trouble: string | null
  others: number
  hasList: boolean
  showsPane: boolean
  newsText: string
  layoutClass: string
  helpOpen: 'true' | 'false'
  activeDomId: string | null
}

export function viewOf(state: State): View {
  const { items, selected, trouble } = state
  const isAboutRecord = Boolean(state.recordId)
  const isFolded = isAboutRecord && !state.opened
  const others = Math.max(0, (items?.length ?? 0) - 1)
  const hasList = state.listed && !isFolded && others > 0
  const nothing = items?.length === 0 ? textOfEmpty(isAboutRecord) : null
  return {
    title: state.showPast ? 'Decided' : titleOf(items),
    isFolded,
    canClose: isAboutRecord && state.opened,
    canShowPast: !isAboutRecord,
    pastText: state.showPast ? 'Show waiting' : 'Show decided',
    isLoading: !items && !trouble && !isFolded && !state.showPast,
    noteText: nothing,
    trouble: isFolded ? null : trouble,
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
