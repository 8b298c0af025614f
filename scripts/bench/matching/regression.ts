// Logistic regression with signs that are known beforehand: agreement never counts against, difference never for.

export interface Example {
  /** Measures by name. */
  x: Record<string, number>
  isSame: boolean
  /** How much the example counts. */
  weight: number
}

export type Sign = 'plus' | 'minus' | 'any'

export interface Fitted {
  intercept: number
  weights: Record<string, number>
}

/** Rounds of the gradient descent. */
const ROUNDS = 500
const RATE = 0.5
/** Pull of each weight towards where it began. */
const RIDGE = 0.0008

/** Fits weights to the examples, beginning at `begin`; each weight keeps the sign it must have. */
export function fit(examples: readonly Example[], signs: Record<string, Sign>, begin: Fitted): Fitted {
  const names = Object.keys(signs)
  const rows = examples.map(({ x }) => Float64Array.from(names, (name) => x[name] ?? 0))
  const total = examples.reduce((sum, { weight }) => sum + weight, 0)
  const start = names.map((name) => begin.weights[name] ?? 0)
  const weights = Float64Array.from(start)
  const scale = names.map(
    (_, column) =>
      Math.sqrt(
        rows.reduce((sum, row, index) => sum + (examples[index]?.weight ?? 0) * (row[column] ?? 0) ** 2, 0) / total,
      ) || 1,
  )
  const moments = new Float64Array(names.length + 1)
  let intercept = begin.intercept
  for (let round = 0; round < ROUNDS; round++) {
    const slope = new Float64Array(names.length + 1)
    for (const [index, row] of rows.entries()) {
      const example = examples[index] as Example
      let sum = intercept
      for (let column = 0; column < names.length; column++) sum += (weights[column] ?? 0) * (row[column] ?? 0)
      const miss = (1 / (1 + Math.exp(-sum)) - (example.isSame ? 1 : 0)) * example.weight
      for (let column = 0; column < names.length; column++) slope[column]! += miss * (row[column] ?? 0)
      slope[names.length]! += miss
    }
    for (let column = 0; column < names.length; column++) {
      const pull = RIDGE * ((weights[column] ?? 0) - (start[column] ?? 0))
      moments[column] = 0.9 * moments[column]! + (slope[column]! / total + pull) / (scale[column]! ** 2 + 0.001)
      weights[column] = bounded(weights[column]! - RATE * moments[column]! * 0.1, signs[names[column] ?? ''] ?? 'any')
    }
    moments[names.length] = 0.9 * moments[names.length]! + slope[names.length]! / total
    intercept -= RATE * 0.1 * moments[names.length]!
  }
  return {
    intercept,
    weights: Object.fromEntries(names.map((name, column) => [name, Number((weights[column] ?? 0).toFixed(3))])),
  }
}

const bounded = (weight: number, sign: Sign) =>
  sign === 'plus' ? Math.max(0, weight) : sign === 'minus' ? Math.min(0, weight) : weight
