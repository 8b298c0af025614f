// Judges whether two records are one company: named pieces of evidence add up, differences and limits overrule the sum.
import { agrees, compare, type Comparison } from './evidence/compare.ts'
import type { CompanyFacts } from './facts/company-facts.ts'
import type { Difference } from './evidence/difference.ts'
import { limitsOf, type Band, type Limit } from './evidence/limits.ts'
import { differenceOf } from './evidence/look-alikes.ts'
import { BANDS, penaltyOf, pointsOf, PRIOR, probabilityOf } from './score/weights.ts'

export type { Band } from './evidence/limits.ts'

interface Judged {
  comparison: Comparison
  /** Tenths of log odds. */
  points: number
  /** Probability that the two are one company, 0 to 1, as evidence and limits add up, before differences. */
  probability: number
}

export type Judgement =
  | (Judged & { verdict: 'same'; band: Band })
  | (Judged & { verdict: 'different'; why: Difference })
  | (Judged & { verdict: 'unrelated' })

const ORDER: readonly Band[] = ['strong', 'likely', 'uncertain']

/** Judges two records. Symmetric: swapping them swaps only `a` and `b`. */
export function judge(a: CompanyFacts, b: CompanyFacts): Judgement {
  const comparison = compare(a, b)
  const limits = limitsOf(comparison)
  const logOdds = comparison.evidence.reduce((sum, { weight }) => sum + weight, PRIOR) + penaltyOf(limits)
  const about = { comparison, points: pointsOf(logOdds), probability: probabilityOf(logOdds) }
  const why = differenceOf(comparison)
  if (why) return { verdict: 'different', why, ...about }
  const band = bandOf(comparison, limits, logOdds)
  return band ? { verdict: 'same', band, ...about } : { verdict: 'unrelated', ...about }
}

/** The band of the score, lowered to what its limits leave; null when too little agrees. */
function bandOf(comparison: Comparison, limits: readonly Limit[], logOdds: number): Band | null {
  const scored = ORDER.findIndex((band) => logOdds >= BANDS[band])
  const identified = agrees(comparison, 'website', 'page', 'phone', 'street', 'D-U-N-S')
  const isWhole = comparison.name.likeness === 'exact' || comparison.name.likeness === 'close'
  if (scored === -1) return isWhole && identified ? 'uncertain' : null
  const namesSayNothing = comparison.name.likeness === 'unknown' || comparison.name.likeness === 'different'
  if (namesSayNothing && !identified) return null
  const most = limits.map((limit) => ORDER.indexOf(limit.most))
  return ORDER[Math.max(scored, ...most)] ?? null
}

/** Share of the probability that a difference or a limit leaves: either outweighs any sum. */
const LEFT = { different: 0.05, uncertain: 0.6, likely: 0.97, strong: 1 }

/** One number for ranking pairs, 0 to 1: the probability, lowered by a difference or by limits. */
export function scoreOf(judgement: Judgement): number {
  if (judgement.verdict === 'different') return judgement.probability * LEFT.different
  return judgement.probability * Math.min(1, ...limitsOf(judgement.comparison).map((limit) => LEFT[limit.most]))
}
