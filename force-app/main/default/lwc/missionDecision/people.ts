import { counted, dayAndTime } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'

/** Who may answer and who did. */
export interface People {
  roster: string
  whoCan: string
  answers: { key: number; line: string; comment: string | null }[]
}

const did: Record<string, string> = {
  approve: 'approved',
  reject: 'rejected',
  'take-back': 'took the approval back',
}

export function peopleOf({ roster, answers }: Pick<DecisionView, 'roster' | 'answers'>): People {
  const names = roster.users.map(({ name }) => name).join(', ')
  const from = roster.from.replace(/^group:/, '').replace(/^permission:(.*)$/, 'people with the permission $1')
  return {
    roster: `Needs ${counted(roster.needs, 'approval')} from ${from}${names ? `: ${names}` : ''}.`,
    whoCan: `Who can: ${names || from}.`,
    answers: answers.map(({ name, verb, at, comment, version }, key) => ({
      key,
      line: `${name} ${did[verb] ?? verb} version ${version}, ${dayAndTime(at)}`,
      comment,
    })),
  }
}

/** What still has to be looked at before an approval; null when nothing is left. */
export function unseenText(left: number): string | null {
  if (left === 0) return null
  return `${left} ${left === 1 ? 'change that needs a look is' : 'changes that need a look are'} not yet seen: scroll there or press N.`
}

/** How much of the change set this reader may not see; null when nothing is withheld. */
export function hiddenTextOf(hidden: number): string | null {
  if (hidden === 0) return null
  return `${hidden} of the changing values ${hidden === 1 ? 'is' : 'are'} hidden from you. They count in the digest.`
}
