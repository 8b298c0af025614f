// Fits the weights of names and evidence to invented pairs and writes the two data files. Seeds differ from those measured.
import { readFileSync, writeFileSync } from 'node:fs'
import { compare } from '../../../server/brain/matching/evidence/compare.ts'
import { limitsOf } from '../../../server/brain/matching/evidence/limits.ts'
import { differenceOf } from '../../../server/brain/matching/evidence/look-alikes.ts'
import { compareNames } from '../../../server/brain/matching/names/name-likeness.ts'
import { scoredMeasures } from '../../../server/brain/matching/names/name-score.ts'
import { candidatePairs } from './pairs.ts'
import { fit, type Example, type Fitted, type Sign } from './regression.ts'

const SEEDS = [101, 102, 103]
const RECORDS = 4_000
const DATA = new URL('../../../server/brain/matching/data/', import.meta.url)

const read = (name: string) => JSON.parse(readFileSync(new URL(name, DATA), 'utf8')) as Record<string, unknown>
const write = (name: string, data: object) => writeFileSync(new URL(name, DATA), `${JSON.stringify(data, null, 2)}\n`)
const said = `Made by scripts/bench/matching/calibrate.ts from seeds ${SEEDS.join(', ')} with ${RECORDS} records each.`

const NAME_SIGNS: Record<string, Sign> = {
  dice: 'plus',
  cover: 'plus',
  full: 'plus',
  rareBoth: 'minus',
  rareOne: 'minus',
  commonBoth: 'minus',
  commonOne: 'minus',
  spelling: 'minus',
  initials: 'any',
  sound: 'any',
  reordered: 'minus',
  formsDiffer: 'minus',
  conflict: 'minus',
  doubts: 'minus',
}

/** Both labels count the same in sum, so that even odds mean that nothing is known. */
function balanced(examples: Example[]): Example[] {
  const same = examples.filter(({ isSame }) => isSame).length
  return examples.map((each) => ({
    ...each,
    weight: each.isSame ? examples.length / (2 * same) : examples.length / (2 * (examples.length - same)),
  }))
}

function fitNames(): void {
  const examples: Example[] = []
  for (const seed of SEEDS) {
    for (const { a, b, factsA, factsB, isSame } of candidatePairs(seed, RECORDS)) {
      // Namesakes are two companies that no comparison of names can tell apart.
      if (!isSame && a.name === b.name) continue
      const { measures } = compareNames(factsA.name, factsB.name, factsA.withoutTown, factsB.withoutTown)
      examples.push({ x: scoredMeasures(measures), isSame, weight: 1 })
    }
  }
  const file = read('name-weights.json') as unknown as Fitted
  const fitted = fit(balanced(examples), NAME_SIGNS, file)
  write('name-weights.json', {
    comment: `Log odds that two names are one company’s. ${said}`,
    intercept: Number(fitted.intercept.toFixed(3)),
    weights: fitted.weights,
  })
}

interface EvidenceFile {
  prior: number
  agrees: Record<string, number>
  differs: Record<string, number>
  limits: Record<string, number>
  name: Record<string, number>
  bands: Record<string, number>
}

function fitEvidence(): void {
  const file = read('evidence-weights.json') as unknown as EvidenceFile
  const examples: Example[] = []
  for (const seed of SEEDS) {
    for (const { factsA, factsB, isSame } of candidatePairs(seed, RECORDS)) {
      const comparison = compare(factsA, factsB)
      if (differenceOf(comparison)) continue
      const x: Record<string, number> = { name: comparison.evidence[0]?.weight ?? 0 }
      for (const { check, kind, agrees } of comparison.evidence)
        if (check !== 'name') x[`${agrees ? '+' : '-'}${kind ?? check}`] = 1
      for (const { because } of limitsOf(comparison)) x[`!${because}`] = 1
      examples.push({ x, isSame, weight: 1 })
    }
  }
  const begin: Fitted = { intercept: file.prior, weights: { name: 1 } }
  const signs: Record<string, Sign> = { name: 'plus' }
  const add = (mark: string, list: Record<string, number>, sign: Sign) => {
    for (const [name, weight] of Object.entries(list)) [begin.weights[mark + name], signs[mark + name]] = [weight, sign]
  }
  add('+', file.agrees, 'plus')
  add('-', file.differs, 'minus')
  add('!', file.limits, 'minus')
  const { intercept, weights } = fit(examples, signs, begin)
  const take = (mark: string, list: Record<string, number>) =>
    Object.fromEntries(Object.keys(list).map((name) => [name, weights[mark + name] ?? 0]))
  write('evidence-weights.json', {
    ...file,
    comment: `Log odds for and against one company, per check, and what limits take away. Bands and the weights that no invented pair shows are set by hand. ${said}`,
    prior: Number(intercept.toFixed(3)),
    agrees: take('+', file.agrees),
    differs: take('-', file.differs),
    limits: take('!', file.limits),
    name: { ...file.name, scale: Number(((file.name['scale'] ?? 1) * (weights['name'] ?? 1)).toFixed(3)) },
  })
}

const part = process.argv[2]
if (part !== 'evidence') fitNames()
else fitEvidence()
