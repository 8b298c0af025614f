// Figures of a matcher against the truth, with 95 % confidence intervals.

export interface Scored {
  score: number
  isSame: boolean
}

export interface Share {
  share: number
  low: number
  high: number
  of: number
}

/** A share with its Wilson interval. */
export function shareOf(hits: number, of: number): Share {
  if (of === 0) return { share: 0, low: 0, high: 1, of }
  const z = 1.96
  const p = hits / of
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of)
  return { share: p, low: middle - half, high: middle + half, of }
}

/** Recall at the lowest threshold from which the precision is at least `precision`; `truePairs` counts those never compared. */
export function recallAtPrecision(
  scored: readonly Scored[],
  precision: number,
  truePairs: number,
): { recall: Share; threshold: number } {
  const sorted = [...scored].sort((a, b) => b.score - a.score)
  let [hits, seen, best, threshold] = [0, 0, 0, 1]
  for (const [index, { score, isSame }] of sorted.entries()) {
    seen++
    if (isSame) hits++
    if (sorted[index + 1]?.score !== score && hits / seen >= precision) [best, threshold] = [hits, score]
  }
  return { recall: shareOf(best, truePairs), threshold }
}

/** The best F1 over all thresholds. */
export function bestF1(scored: readonly Scored[], truePairs: number): { f1: number; threshold: number } {
  const sorted = [...scored].sort((a, b) => b.score - a.score)
  let [hits, best, threshold] = [0, 0, 1]
  for (const [index, { score, isSame }] of sorted.entries()) {
    if (isSame) hits++
    const f1 = (2 * hits) / (index + 1 + truePairs)
    if (sorted[index + 1]?.score !== score && f1 > best) [best, threshold] = [f1, score]
  }
  return { f1: best, threshold }
}

/** B-cubed precision and recall of clusters, and the share of true clusters found exactly. */
export function clusterFigures(
  truth: readonly number[],
  clusterOf: (record: number) => number,
): { precision: number; recall: number; exact: Share } {
  const byTruth = Map.groupBy(truth.keys(), (record) => truth[record] ?? -1)
  const byCluster = Map.groupBy(truth.keys(), clusterOf)
  let [precision, recall, exact] = [0, 0, 0]
  for (const record of truth.keys()) {
    const [own, found] = [byTruth.get(truth[record] ?? -1) ?? [], byCluster.get(clusterOf(record)) ?? []]
    const both = own.filter((each) => clusterOf(each) === clusterOf(record)).length
    precision += both / found.length
    recall += both / own.length
  }
  for (const own of byTruth.values()) {
    const clusters = new Set(own.map(clusterOf))
    if (clusters.size === 1 && byCluster.get([...clusters][0] ?? -1)?.length === own.length) exact++
  }
  return { precision: precision / truth.length, recall: recall / truth.length, exact: shareOf(exact, byTruth.size) }
}
