import { dayAndTime, formatCount, formatLabel } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

/** Who may answer and who did. */
export interface People {
  rosters: string[]
  whoCan: string
  answers: { key: number; line: string; comment: string | null }[]
}

const answerLabels: Record<string, string> = {
  approve: labels.approvedVersion,
  reject: labels.rejectedVersion,
  'take-back': labels.tookBackVersion,
}

export function peopleOf({ rosters, answers }: Pick<DecisionView, 'rosters' | 'answers'>): People {
  const whoCan = rosters.map(({ from, users }) => namesOf(users) || rosterName(from))
  return {
    rosters: rosters.map((roster) => (roster.then ? formatLabel(labels.then, rosterLine(roster)) : rosterLine(roster))),
    whoCan: formatLabel(labels.whoCan, whoCan.join(', ')),
    answers: answers.map(({ name, verb, at, comment, version }, key) => ({
      key,
      line: formatLabel(answerLabels[verb] ?? `{0}: ${verb}, {1}, {2}`, name, String(version), dayAndTime(at)),
      comment,
    })),
  }
}

type Roster = DecisionView['rosters'][number]

function rosterLine({ from, needs, users }: Roster): string {
  const [name, names] = [rosterName(from), namesOf(users)]
  return names
    ? formatCount(needs, labels.needsNamedOne, labels.needsNamedMany, name, names)
    : formatCount(needs, labels.needsOne, labels.needsMany, name)
}

const namesOf = (users: Roster['users']): string => users.map(({ name }) => name).join(', ')

/** The name of a public group, or the users who hold a permission. */
function rosterName(from: string): string {
  const permission = /^permission:(.*)$/.exec(from)?.[1]
  return permission === undefined ? from.replace(/^group:/, '') : formatLabel(labels.permission, permission)
}
