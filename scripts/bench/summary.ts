/** Median and 95th percentile of what was measured, by nearest rank, with how many there were. */
export function summary(values: readonly number[]): { p50: number; p95: number; n: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (percent: number) =>
    Math.round(sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN)
  return { p50: rank(50), p95: rank(95), n: sorted.length }
}
