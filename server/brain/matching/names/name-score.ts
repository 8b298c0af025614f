import weights from '../data/name-weights.json' with { type: 'json' }
import type { NameFeatures } from './name-features.ts'

export type NameMeasures = NameFeatures & { conflict: number; doubts: number }

/** Measures that the log odds of a pair of names rest on, in the order of the weights. */
export function scoredMeasures(measures: NameMeasures): Record<keyof typeof weights.weights, number> {
  return {
    dice: measures.dice,
    cover: measures.cover,
    full: measures.dice > 0.95 ? 1 : 0,
    rareBoth: Math.min(measures.rareBoth, 2),
    rareOne: Math.min(measures.rareOne, 2),
    commonBoth: Math.min(measures.commonBoth, 1.4),
    commonOne: Math.min(measures.commonOne, 1.4),
    spelling: Math.min(measures.spelling, 1),
    initials: measures.initials,
    sound: measures.sound,
    reordered: measures.reordered,
    formsDiffer: measures.formsDiffer,
    conflict: measures.conflict,
    doubts: Math.min(measures.doubts, 2),
  }
}

/** Log odds that two names are one company's, from weights measured on generated pairs. */
export function nameLogit(measures: NameMeasures): number {
  const scored = scoredMeasures(measures)
  return Object.entries(weights.weights).reduce(
    (sum, [name, weight]) => sum + weight * scored[name as keyof typeof scored],
    weights.intercept,
  )
}
