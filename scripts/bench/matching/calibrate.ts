// Fits the weights of names and evidence to invented pairs and writes the two data files. Seeds differ from those measured.
import { readFileSync, writeFileSync } from 'node:fs'
import { compare } from '../../../server/brain/matching/evidence/compare.ts'
import { limitsOf } from '../../../server/brain/matching/evidence/limits.ts'
import { differenceOf } from '../../../server/brain/matching/evidence/look-alikes.ts'
import { aloneMeasures } from '../../../server/brain/matching/names/name-alone.ts'
import { compareNames } from '../../../server/brain/matching/names/name-likeness.ts'
import { scoredMeasures } from '../../../server/brain/matching/names/name-score.ts'
import { companyName } from '../../../server/brain/matching/normal-forms/company-name.ts'
import { rowsOf } from '../../match/csv-file.ts'
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

/** Measures of names alone; those that the evidence counts too, and those that only names alone need. */
const ALONE_SIGNS: Record<string, Sign> = {
  ...Object.fromEntries(Object.entries(NAME_SIGNS).filter(([name]) => name !== 'doubts')),
  cutShort: 'minus',
  division: 'minus',
  kindsDiffer: 'minus',
  place: 'minus',
  number: 'minus',
  sister: 'minus',
  trade: 'minus',
  structure: 'minus',
}

/** Fits names alone to invented pairs and, as much again, to labelled pairs of `file` (name1, name2, is_match). */
async function fitAlone(file: string | undefined): Promise<void> {
  const invented: Example[] = []
  for (const seed of SEEDS) {
    for (const { a, b, factsA, factsB, isSame } of candidatePairs(seed, RECORDS)) {
      if (!isSame && a.name === b.name) continue
      const finding = compareNames(factsA.name, factsB.name)
      invented.push({ x: aloneMeasures(factsA.name, factsB.name, finding), isSame, weight: 1 })
    }
  }
  const labelled: Example[] = []
  for await (const row of file === undefined ? [] : rowsOf(file, ['name1', 'name2', 'is_match'])) {
    const [x, y] = [companyName(row['name1'] ?? ''), companyName(row['name2'] ?? '')]
    const finding = compareNames(x, y)
    const measures = aloneMeasures(x, y, finding)
    // Names without a word in common, numbers that differ and signs of a stock exchange are no question of weights.
    const isSign = measures.cutShort > 0 && [x, y].some(({ core }) => core.length <= 4 && /^[a-z]+$/.test(core))
    if (measures.cover > 0 && finding.conflict?.code !== 'number' && !isSign)
      labelled.push({ x: measures, isSame: row['is_match'] === '1', weight: 1 })
  }
  const examples = balanced(invented)
  const share = labelled.length === 0 ? 0 : examples.length / labelled.length
  const all = [...examples, ...balanced(labelled).map((each) => ({ ...each, weight: each.weight * share }))]
  const fitted = fit(all, ALONE_SIGNS, read('name-alone-weights.json') as unknown as Fitted)
  write('name-alone-weights.json', {
    comment: `Log odds that two names with nothing beside them are one company’s. ${said}${file === undefined ? '' : ` With as much weight, ${labelled.length} labelled pairs that no figure is measured on.`}`,
    intercept: Number(fitted.intercept.toFixed(3)),
    weights: fitted.weights,
  })
}

/** Invented outlets and tenants share websites more than companies do: the very name and its own site are one company. */
const BY_HAND = { website: 1.9 }

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
    agrees: { ...take('+', file.agrees), ...BY_HAND },
    differs: take('-', file.differs),
    limits: take('!', file.limits),
    name: { ...file.name, scale: Number(((file.name['scale'] ?? 1) * (weights['name'] ?? 1)).toFixed(3)) },
  })
}

const part = process.argv[2]
if (part === 'evidence') fitEvidence()
else if (part === 'alone') await fitAlone(process.argv[3])
else fitNames()
