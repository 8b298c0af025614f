const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)

/** The value below which `percent` of a hundred lie, by nearest rank; NaN of none. */
const rank = (ascending: readonly number[], percent: number): number =>
  ascending[Math.max(0, Math.ceil((percent / 100) * ascending.length) - 1)] ?? NaN

/** Median and 95th percentile of the values, by nearest rank, with their number. */
export function summary(values: readonly number[]): { p50: number; p95: number; n: number } {
  const ascending = sorted(values)
  return { p50: Math.round(rank(ascending, 50)), p95: Math.round(rank(ascending, 95)), n: values.length }
}

/** The same to a tenth, with the largest value: for times of a few milliseconds. */
export function precise(values: readonly number[]): { p50: number; p95: number; max: number; n: number } {
  const ascending = sorted(values)
  const [p50 = NaN, p95 = NaN, max = NaN] = [50, 95, 100].map((percent) => Number(rank(ascending, percent).toFixed(1)))
  return { p50, p95, max, n: values.length }
}
