import { dayAndTime, decisionWords, formatLabel, listNames, monthName, monthOf, outcomeOf } from 'c/missionWords'
import type { DecisionSummary } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

/** The filter; an empty text means any. `month` as `2026-10`. */
export interface Wanted {
  month: string
  person: string
  outcome: string
}
export const anything: Wanted = { month: '', person: '', outcome: '' }

interface Choice {
  value: string
  text: string
  isChosen: boolean
}
export interface Choices {
  months: Choice[]
  people: Choice[]
  outcomes: Choice[]
}

export interface Line {
  id: string
  sentence: string
  /** Who answered and when. */
  who: string
  badge: string
  icon: string
  current: 'true' | 'false'
  className: string
}

const MONTHS_OFFERED = 12
const isPast = ({ status }: DecisionSummary) => status !== 'open'
const answerOf = ({ answered }: DecisionSummary) => answered.at(-1)
const timeOf = (decision: DecisionSummary) => answerOf(decision)?.at ?? decision.createdAt

/** The past decisions among `items` that fit, the one answered last first. */
export function matching(items: readonly DecisionSummary[], wanted: Wanted): DecisionSummary[] {
  return items
    .filter(isPast)
    .filter((item) => !wanted.month || monthOf(timeOf(item)) === wanted.month)
    .filter(({ answered }) => !wanted.person || answered.some(({ name }) => name === wanted.person))
    .filter(({ status }) => !wanted.outcome || status === wanted.outcome)
    .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : timeOf(a) > timeOf(b) ? -1 : 0))
}

/** Whether nothing before `items`, which come newest first, can belong to the month of the filter. */
export function reaches(items: readonly DecisionSummary[], { month }: Wanted): boolean {
  const oldest = items.at(-1)
  return !month || !oldest || monthOf(oldest.createdAt) < month
}

/** What can be chosen: a year of months up to `now` (ms since 1970), the people who answered, every outcome. */
export function choicesOf(items: readonly DecisionSummary[], wanted: Wanted, now: number): Choices {
  const names = [...new Set(items.flatMap(({ answered }) => answered.map(({ name }) => name)))].sort()
  return {
    months: [
      any(labels.anyMonth, wanted.month),
      ...monthsUntil(now).map((month) => choice(month, monthName(month), wanted.month)),
    ],
    people: [any(labels.anyone, wanted.person), ...names.map((name) => choice(name, name, wanted.person))],
    outcomes: [
      any(labels.anyOutcome, wanted.outcome),
      choice('approved', decisionWords.approved, wanted.outcome),
      choice('rejected', decisionWords.rejected, wanted.outcome),
      choice('expired', decisionWords.expired, wanted.outcome),
      choice('superseded', decisionWords.superseded, wanted.outcome),
    ],
  }
}

export function linesOf(items: readonly DecisionSummary[], selectedId: string | null): Line[] {
  return items.map((item) => {
    const { badge, icon } = outcomeOf(item, null, Date.now(), false)
    const isSelected = item.id === selectedId
    return {
      id: item.id,
      sentence: item.sentence,
      who: whoOf(item),
      badge,
      icon,
      current: isSelected ? 'true' : 'false',
      className: isSelected ? 'line selected' : 'line',
    }
  })
}

const answerLabels: Record<string, string> = {
  approve: labels.approvedIt,
  reject: labels.rejectedIt,
  'take-back': labels.tookBackIt,
}

function whoOf(item: DecisionSummary): string {
  const last = answerOf(item)
  if (!last) return formatLabel(labels.unanswered, dayAndTime(item.createdAt))
  const names = [...new Set(item.answered.filter(({ verb }) => verb === last.verb).map(({ name }) => name))]
  const answer = answerLabels[last.verb] ?? `{0}: ${last.verb}, {1}`
  return formatLabel(answer, listNames(names), dayAndTime(last.at))
}

const any = (text: string, wanted: string) => choice('', text, wanted)
const choice = (value: string, text: string, wanted: string): Choice => ({ value, text, isChosen: value === wanted })

function monthsUntil(now: number): string[] {
  const [year = 0, month = 1] = monthOf(new Date(now).toISOString()).split('-').map(Number)
  return Array.from({ length: MONTHS_OFFERED }, (_, back) => {
    const date = new Date(Date.UTC(year, month - 1 - back, 1))
    return date.toISOString().slice(0, 7)
  })
}
