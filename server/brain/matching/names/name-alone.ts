// How probable it is that two names are one company's when nothing else is known of the two.
import weights from '../data/name-alone-weights.json' with { type: 'json' }
import type { CompanyName } from '../normal-forms/company-name.ts'
import { compareNames, type NameFinding } from './name-likeness.ts'
import { scoredMeasures } from './name-score.ts'

type AloneMeasure = keyof typeof weights.weights

/** Words of a group at the end of a name: with nothing else known, `Acme Holdings` is mostly Acme. */
const GROUP_WORDS = new Set(['holding', 'holdings', 'beteiligung', 'beteiligungs'])

/** Probability, 0 to 1; 0 when one is a placeholder. */
export function nameProbability(a: CompanyName, b: CompanyName): number {
  if (a.words.length === 0 || b.words.length === 0) return 0
  const measures = aloneMeasures(a, b, compareNames(a, b))
  const logit = Object.entries(weights.weights).reduce(
    (sum, [name, weight]) => sum + weight * measures[name as AloneMeasure],
    weights.intercept,
  )
  return 1 / (1 + Math.exp(-logit))
}

/** Measures that the log odds of two names alone rest on. */
export function aloneMeasures(a: CompanyName, b: CompanyName, finding: NameFinding): Record<AloneMeasure, number> {
  const { conflict, doubts } = finding
  const isGroupWord = conflict?.code === 'body' && GROUP_WORDS.has(conflict.word)
  const has = (...some: NameFinding['doubts']) => (some.some((doubt) => doubts.includes(doubt)) ? 1 : 0)
  const { doubts: _, ...scored } = scoredMeasures(finding.measures)
  return {
    ...scored,
    conflict: conflict === null || isGroupWord ? 0 : 1,
    cutShort: finding.measures.cutShort,
    division: finding.division ? 1 : 0,
    kindsDiffer: kindsApart(a, b) ? 1 : 0,
    place: has('place'),
    number: has('number', 'letter'),
    sister: has('sister', 'side'),
    trade: has('trade'),
    structure: isGroupWord ? 1 : has('structure'),
  }
}

/** Forms of two kinds of company: `AG` and `GmbH`, a limited company and a partnership. */
const kindsApart = (a: CompanyName, b: CompanyName) =>
  a.formKinds.length > 0 && b.formKinds.length > 0 && !a.formKinds.some((kind) => b.formKinds.includes(kind))
