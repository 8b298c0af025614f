import type { FieldValue } from '../../../../contract/values/field-value.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { Phrase } from '../../../domain/phrase.ts'
import type { Check } from '../../../domain/proposal.ts'
import { nameOf, valueOf } from '../../../domain/say.ts'
import type { Opinion, PairFinding, SameEntityAnswer } from '../shapes/reasoner.ts'
import { named } from './account.ts'
import type { MergePlan } from './merge-plan.ts'

/** Every check behind the band, for and against, of each pair that the proposal rests on; nothing that speaks against it is left out. */
export function checksOf(
  answer: SameEntityAnswer,
  plan: MergePlan,
  records: ReadonlyMap<string, RecordValues>,
): Check[] {
  const losers = new Set(plan.losers.map(({ id }) => id))
  const used = answer.pairs.filter(({ a, b }) => {
    if (b === answer.chosen && records.get(a)?.object === 'Lead') return true
    return (a === plan.survivor.id && losers.has(b)) || (b === plan.survivor.id && losers.has(a))
  })
  const checks = used.flatMap((pair) => pair.evidence.flatMap((evidence) => checkOf(pair, evidence, records)))
  const opinions = answer.opinions.filter(({ a, b }) => used.some((pair) => pair.a === a && pair.b === b))
  return [...checks, ...opinions.flatMap((opinion) => opinionOf(opinion, records))]
}

/** A model's judgement is marked as one; its words are never shown, only its verdict. */
function opinionOf({ a, b, verdict }: Opinion, records: ReadonlyMap<string, RecordValues>): Check[] {
  const [left, right] = [records.get(a), records.get(b)]
  if (!left || !right) return []
  const label: Phrase = [
    nameOf(named(left)),
    ' and ',
    nameOf(named(right)),
    verdict === 'same' ? ' are one company' : ' are two',
  ]
  return [{ label, agrees: verdict === 'same', by: 'model', citations: [] }]
}

function checkOf(
  pair: PairFinding,
  { check, agrees, a, b }: PairFinding['evidence'][number],
  records: ReadonlyMap<string, RecordValues>,
): Check[] {
  const [left, right] = [records.get(pair.a), records.get(pair.b)]
  if (!left || !right) return []
  const shown = (record: RecordValues, field: string) =>
    valueOf(named(record), field, (record.values[field] ?? null) satisfies FieldValue)
  const title = `${check[0]?.toUpperCase() ?? ''}${check.slice(1)}`
  const label: Phrase = [`${title}: `, shown(left, a), agrees ? ' agrees with ' : ' is not ', shown(right, b)]
  return [{ label, agrees, by: 'rule', citations: [] }]
}

/** What would make the proposal wrong, said before anybody approves it. */
export function wrongIf(lead: RecordValues, plan: MergePlan, answer: SameEntityAnswer): Phrase[] {
  const survivor = nameOf(named(plan.survivor))
  const merged = plan.losers.map((loser): Phrase => [
    nameOf(named(loser)),
    ' may be a legal entity of its own; no parent or child link to ',
    survivor,
    ' was found',
  ])
  const others = answer.pairs
    .filter(
      ({ a, verdict, band, b }) =>
        a === lead.id && verdict === 'same' && band !== 'uncertain' && !answer.company.includes(b),
    )
    .map((): Phrase => ['The lead may belong to another account that resembles it as well'])
  const linked: Phrase[] =
    answer.band === 'strong' ? [] : [[nameOf(named(lead)), ' may work for another company with a name like ', survivor]]
  return [...merged, ...linked, ...others.slice(0, 1)]
}
