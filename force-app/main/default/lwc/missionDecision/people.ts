import { dayAndTime, formatCount, formatLabel } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

/** Who may answer and who did. */
export interface People {
  roster: string
  whoCan: string
  answers: { key: number; line: string; comment: string | null }[]
}

const answerLabels: Record<string, string> = {
  approve: labels.approvedVersion,
  reject: labels.rejectedVersion,
  'take-back': labels.tookBackVersion,
}

export function peopleOf({ roster, answers }: Pick<DecisionView, 'roster' | 'answers'>): People {
  const names = roster.users.map(({ name }) => name).join(', ')
  const from = rosterName(roster.from)
  return {
    roster: names
      ? formatCount(roster.needs, labels.needsNamedOne, labels.needsNamedMany, from, names)
      : formatCount(roster.needs, labels.needsOne, labels.needsMany, from),
    whoCan: formatLabel(labels.whoCan, names || from),
    answers: answers.map(({ name, verb, at, comment, version }, key) => ({
      key,
      line: formatLabel(answerLabels[verb] ?? `{0}: ${verb}, {1}, {2}`, name, String(version), dayAndTime(at)),
      comment,
    })),
  }
}

/** The name of a public group, or the users who hold a permission. */
function rosterName(from: string): string {
  const permission = /^permission:(.*)$/.exec(from)?.[1]
  return permission === undefined ? from.replace(/^group:/, '') : formatLabel(labels.permission, permission)
}
