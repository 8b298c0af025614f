import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { Phrase, Shown } from '../../../domain/phrase.ts'
import { named } from '../../../domain/named-record.ts'
import { inWords, listed, nameOf } from '../../../domain/say.ts'
import type { SameEntityAnswer } from '../shapes/reasoner.ts'
import type { MergePlan } from './merge-plan.ts'

/** What is kept, what goes into it, and what moves; names are cut to so many words. */
export function mergeSentence(words: number, plan: MergePlan, answer: SameEntityAnswer): Phrase {
  const short = (record: RecordValues): Shown => inWords(nameOf(named(record)), words)
  const moved = plan.moves.reduce((sum, { ids }) => sum + ids.length, 0)
  return [
    'Keep ',
    short(plan.survivor),
    ' and fold ',
    ...folded(plan.losers.map(short)),
    ` into it; ${reasons(plan, answer)}.${moving(moved)}`,
  ]
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
  count === 0 ? '' : ` ${countOf(count, 'related record')} ${count === 1 ? 'moves' : 'move'}.`

function folded(names: readonly Shown[]): (string | Shown)[] {
  return names.length <= 2 ? listed(names) : listed([...names.slice(0, 1), `${names.length - 1} more`])
}

const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
