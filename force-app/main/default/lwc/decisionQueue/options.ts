import { riskWords, standing } from 'c/missionWords'
import type { DecisionSummary } from '../../../../../server/contract/http.ts'

/** A row of the list. */
export interface Option {
  id: string
  domId: string
  sentence: string
  risk: string
  icon: string
  /** Time left while it waits, else its state. */
  note: string
  selected: 'true' | 'false'
  className: string
}

/** `now` in ms since 1970. */
export function optionsOf(items: readonly DecisionSummary[], selectedId: string | null, now: number): Option[] {
  return items.map((item) => {
    const isSelected = item.id === selectedId
    return {
      id: item.id,
      domId: `option-${item.id}`,
      sentence: item.sentence,
      risk: riskWords[item.risk].word,
      icon: riskWords[item.risk].icon,
      note: standing(item, now),
      selected: isSelected ? 'true' : 'false',
      className: isSelected ? 'option selected' : 'option',
    }
  })
}
