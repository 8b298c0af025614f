import type { FieldValue } from '../../../../contract/values/field-value.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { Phrase } from '../../../domain/phrase.ts'
import type { Check } from '../../../domain/proposal.ts'
import { nameOf, valueOf } from '../../../domain/say.ts'
import type { Opinion, PairFinding, SameEntityAnswer } from '../shapes/reasoner.ts'
import { named } from '../../../domain/named-record.ts'

type Records = ReadonlyMap<string, RecordValues>

const byId = (records: readonly RecordValues[]): Records => new Map(records.map((record) => [record.id, record]))

/** Every check, for and against, of the record the question started from and the account that fits it best. */
export function linkChecks(answer: SameEntityAnswer, start: RecordValues, company: readonly RecordValues[]): Check[] {
  return checksWhere(answer, byId([start, ...company]), ({ a, b }) => a === start.id && b === answer.chosen)
}

/** The same of each account that a merge ends, and the one that survives it. */
export function mergeChecks(
  answer: SameEntityAnswer,
  survivor: RecordValues,
  losers: readonly RecordValues[],
): Check[] {
  const ended = new Set(losers.map(({ id }) => id))
  return checksWhere(
    answer,
    byId([survivor, ...losers]),
    ({ a, b }) => (a === survivor.id && ended.has(b)) || (b === survivor.id && ended.has(a)),
  )
}

/** Nothing that speaks against it is left out. */
function checksWhere(answer: SameEntityAnswer, records: Records, isUsed: (pair: PairFinding) => boolean): Check[] {
  const used = answer.pairs.filter(isUsed)
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

/** What would make a merge wrong, said before anybody approves it. */
export function mergeWrongIf(survivor: RecordValues, losers: readonly RecordValues[]): Phrase[] {
  return losers.map((loser): Phrase => [
    nameOf(named(loser)),
    ' may be a legal entity of its own; no parent or child link to ',
    nameOf(named(survivor)),
    ' was found',
  ])
}

/** What would make it wrong that the starting record belongs to the company. */
export function linkWrongIf(answer: SameEntityAnswer, start: RecordValues, survivor: RecordValues): Phrase[] {
  const others = answer.pairs
    .filter(
      ({ a, verdict, band, b }) =>
        a === start.id && verdict === 'same' && band !== 'uncertain' && !answer.company.includes(b),
    )
    .map((): Phrase => ['The lead may belong to another account that resembles it as well'])
  const linked: Phrase[] =
    answer.band === 'strong'
      ? []
      : [[nameOf(named(start)), ' may work for another company with a name like ', nameOf(named(survivor))]]
  return [...linked, ...others.slice(0, 1)]
}
