// npm run bench:matching [-- --records 20000 --seeds 1,2,3]: precision and recall on invented truth, beside two plain measures;
// [-- --sweep 10000,100000]: time, pairs and memory of whole lists.
import { parseArgs } from 'node:util'
import { jaroWinkler } from '@skyra/jaro-winkler'
import { judge, scoreOf } from '../../server/brain/matching/judge.ts'
import { factsOfAccount } from '../../server/brain/matching/facts/company-facts.ts'
import { companies } from '../match/matching.ts'
import { clustersOfSweep, sweep } from '../match/sweep.ts'
import { bestF1, clusterFigures, recallAtPrecision, shareOf, type Scored, type Share } from './matching/figures.ts'
import { candidatePairs } from './matching/pairs.ts'
import { inventRecords, type TrueRecord } from './matching/records.ts'
import { exponentOf, measureSweep } from './matching/sweep-sizes.ts'
import { trigramLikeness } from './matching/trigrams.ts'
import type { Difficulty } from './matching/typing.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '20000' },
    seeds: { type: 'string', default: '1' },
    sweep: { type: 'string' },
  },
})
const count = Number(values.records)
const seeds = values.seeds.split(',').map(Number)

interface Measured {
  difficulty: Difficulty
  band: string
  isSame: boolean
  ours: number
  trigram: number
  jaroWinkler: number
}

/** Pairs of one company among the records, compared or not. */
function truePairs(records: readonly TrueRecord[]): number {
  const sizes = [...Map.groupBy(records, ({ truth }) => truth).values()].map(({ length }) => length)
  return sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
}

function measured(seed: number): Measured[] {
  const found: Measured[] = []
  for (const { a, b, factsA, factsB, isSame } of candidatePairs(seed, count)) {
    const judgement = judge(factsA, factsB)
    const [x, y] = [a.values['Name']?.toLowerCase() ?? '', b.values['Name']?.toLowerCase() ?? '']
    const band = judgement.verdict === 'same' ? judgement.band : judgement.verdict
    found.push({
      difficulty: a.difficulty,
      band,
      isSame,
      ours: scoreOf(judgement),
      trigram: trigramLikeness(x, y),
      jaroWinkler: jaroWinkler(x, y),
    })
  }
  return found
}

const percent = ({ share, low, high }: Share) => `${share.toFixed(4)} (${low.toFixed(4)}–${high.toFixed(4)})`

function report(title: string, pairs: readonly Measured[], total: number): Record<string, string | number> {
  const strong = pairs.filter(({ band }) => band === 'strong')
  const offered = pairs.filter(({ band }) => band === 'strong' || band === 'likely')
  const hits = (some: readonly Measured[]) => some.filter(({ isSame }) => isSame).length
  const by = (measure: 'ours' | 'trigram' | 'jaroWinkler'): Scored[] =>
    pairs.map((pair) => ({ score: pair[measure], isSame: pair.isSame }))
  const at99 = (measure: 'ours' | 'trigram' | 'jaroWinkler') =>
    percent(recallAtPrecision(by(measure), 0.99, total).recall)
  return {
    pairs: title,
    true: total,
    compared: pairs.length,
    'strong: precision': percent(shareOf(hits(strong), strong.length)),
    'strong: recall': percent(shareOf(hits(strong), total)),
    'strong and likely: precision': percent(shareOf(hits(offered), offered.length)),
    'strong and likely: recall': percent(shareOf(hits(offered), total)),
    'recall at 0.99 precision': at99('ours'),
    'the same by trigrams of the name': at99('trigram'),
    'the same by Jaro-Winkler of the name': at99('jaroWinkler'),
    'best F1': bestF1(by('ours'), total).f1.toFixed(4),
    'best F1 by trigrams, Jaro-Winkler': `${bestF1(by('trigram'), total).f1.toFixed(4)}, ${bestF1(by('jaroWinkler'), total).f1.toFixed(4)}`,
  }
}

function clusterReport(seed: number): Record<string, string | number> {
  const records = inventRecords(seed, count)
  const facts = records.map(({ id, values: fields }) => factsOfAccount(id, fields))
  const begun = performance.now()
  const found = sweep(facts, companies(false), null)
  const clusterOf = new Map(
    clustersOfSweep(facts, found, companies(false)).flatMap((cluster) =>
      cluster.map((record) => [record, cluster[0] ?? record] as const),
    ),
  )
  const seconds = (performance.now() - begun) / 1_000
  const { precision, recall, exact } = clusterFigures(
    records.map(({ truth }) => truth),
    (record) => clusterOf.get(record) ?? record,
  )
  return {
    clusters: `seed ${seed}`,
    'B-cubed precision': precision.toFixed(4),
    'B-cubed recall': recall.toFixed(4),
    'found exactly': percent(exact),
    'pairs compared': found.compared,
    seconds: seconds.toFixed(1),
    'memory, MB': (process.memoryUsage.rss() / 1e6).toFixed(0),
  }
}

/** Sizes are swept from the smallest, each in the memory that the ones before it left. */
function reportSweeps(sizes: readonly number[]): void {
  const figures = sizes.map((size) => {
    const measuredSweep = measureSweep(301, size)
    console.log(measuredSweep)
    return measuredSweep
  })
  console.log(`Exponent from ${sizes[0]} to ${sizes.at(-1)} records: ${exponentOf(figures).toFixed(2)}`)
}

function reportAccuracy(): void {
  let all: Measured[] = []
  let total = 0
  const totals: Record<Difficulty, number> = { easy: 0, medium: 0, hard: 0 }
  for (const seed of seeds) {
    const records = inventRecords(seed, count)
    total += truePairs(records)
    for (const each of ['easy', 'medium', 'hard'] as const)
      totals[each] += truePairs(records.filter(({ difficulty }) => difficulty === each))
    all = all.concat(measured(seed))
  }
  console.log(`Invented records: ${count} per seed, seeds ${seeds.join(', ')}; 95 % intervals in brackets`)
  console.log(report('all', all, total))
  for (const each of ['easy', 'medium', 'hard'] as const)
    console.log(
      report(
        each,
        all.filter(({ difficulty }) => difficulty === each),
        totals[each],
      ),
    )
  for (const seed of seeds) console.log(clusterReport(seed))
}

if (values.sweep === undefined) reportAccuracy()
else reportSweeps(values.sweep.split(',').map(Number))
