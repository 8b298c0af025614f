import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { Phrase, Shown } from '../../../domain/phrase.ts'
import { fit, inWords, listed, nameOf } from '../../../domain/say.ts'
import type { SameEntityAnswer } from '../shapes/reasoner.ts'
import { named } from './account.ts'
import type { LeadPlan } from './lead-plan.ts'
import type { MergePlan } from './merge-plan.ts'

const WORDS = 40

/** The card's sentence, at most 40 words: what is kept, what goes into it, where the lead goes. Names are cut only as far as that takes. */
export function sentenceOf(lead: RecordValues, plan: MergePlan, leadPlan: LeadPlan, answer: SameEntityAnswer): Phrase {
  for (const words of [10, 8, 6, 5, 4, 3]) {
    const sentence = sentenceWith(words, lead, plan, leadPlan, answer)
    if (wordsOf(sentence) <= WORDS) return sentence
  }
  return sentenceWith(2, lead, plan, leadPlan, answer)
}

const wordsOf = (phrase: Phrase) =>
  phrase
    .map((piece) => (typeof piece === 'string' ? piece : piece.text))
    .join('')
    .split(/\s+/)
    .filter((word) => word !== '').length

function sentenceWith(
  words: number,
  lead: RecordValues,
  plan: MergePlan,
  leadPlan: LeadPlan,
  answer: SameEntityAnswer,
): Phrase {
  const short = (record: RecordValues): Shown => inWords(nameOf(named(record)), words)
  const survivor = short(plan.survivor)
  const moved = plan.moves.reduce((sum, { ids }) => sum + ids.length, 0)
  const merged: Phrase =
    plan.losers.length === 0
      ? []
      : [
          'Keep ',
          survivor,
          ' and fold ',
          ...folded(plan.losers.map(short)),
          ` into it; ${reasons(plan, answer)}. ${moving(moved)}`,
        ]
  const links = leadPlan.operations.some(({ kind }) => kind === 'update')
  const linked: Phrase = links ? ['Link ', short(lead), ' to ', plan.losers.length > 0 ? 'it' : survivor, '.'] : []
  const owner = leadPlan.owner
  const routed: Phrase = owner
    ? [
        links ? ' The lead goes to ' : 'The lead goes to ',
        inWords({ text: owner.to.name, record: { object: 'User', id: owner.to.id } }, 3),
        ` (${owner.territory}).`,
      ]
    : []
  return [...merged, ...linked, ...routed]
}

/** What the accounts have in common, as the checks found it. */
function reasons({ survivor, losers }: MergePlan, { pairs }: SameEntityAnswer): string {
  const ids = new Set([survivor, ...losers].map(({ id }) => id))
  const links = pairs.filter(({ a, b, verdict }) => ids.has(a) && ids.has(b) && verdict === 'same')
  const shared = (links[0]?.evidence ?? []).filter(
    ({ agrees, check }) => agrees && check !== 'name' && check !== 'country',
  )
  const all = shared
    .map(({ check }) => check)
    .filter((check) => links.every((link) => link.evidence.some((each) => each.agrees && each.check === check)))
  return all.length > 0 ? `same ${listed(all.slice(0, 2)).join('')}` : 'they are one company'
}

const moving = (count: number) =>
  count === 0 ? '' : `${countOf(count, 'related record')} ${count === 1 ? 'moves' : 'move'}. `

function folded(names: readonly Shown[]): (string | Shown)[] {
  return names.length <= 2 ? listed(names) : listed([...names.slice(0, 1), `${names.length - 1} more`])
}

/** The line the Explain rail shows when the proposal is ready. */
export function proposedLine(plan: MergePlan, lead: RecordValues): Phrase {
  const survivor = nameOf(named(plan.survivor))
  return plan.losers.length > 0
    ? fit([
        'Merge ',
        ...folded(plan.losers.map((loser) => nameOf(named(loser)))),
        ' into ',
        survivor,
        ' and link the lead',
      ])
    : fit(['Link ', nameOf(named(lead)), ' to ', survivor])
}

const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
