import data from '../data/evidence-weights.json' with { type: 'json' }

type Agreeing = keyof typeof data.agrees
type Differing = keyof typeof data.differs

/** Log odds of a check that agrees. Never below zero: a fact that agrees makes no match less likely. */
export const agreeing = (check: Agreeing): number => Math.max(0, data.agrees[check])

/** Log odds of a check that differs. Never above zero. */
export const differing = (check: Differing): number => Math.min(0, data.differs[check])

export type LimitReason = keyof typeof data.limits

/** Log odds that limits take away, each reason once. Never above zero. */
export function penaltyOf(limits: readonly { because: LimitReason }[]): number {
  const reasons = new Set(limits.map(({ because }) => because))
  return [...reasons].reduce((sum, reason) => sum + Math.min(0, data.limits[reason]), 0)
}

export const NAME_WEIGHTS = data.name
export const PRIOR = data.prior
/** Least log odds of each band. */
export const BANDS = data.bands

/** Log odds in the tenths that people see as points. */
export const pointsOf = (logOdds: number): number => Math.round(logOdds * 10)

/** Probability of log odds, 0 to 1. */
export const probabilityOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))
