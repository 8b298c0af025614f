import { factsOfAccount } from '../../../server/brain/matching/facts/company-facts.ts'
import { companies } from '../../match/matching.ts'
import { clustersOfSweep, sweep } from '../../match/sweep.ts'
import { inventRecords } from './records.ts'

interface SweepFigures {
  records: number
  pairs: number
  clusters: number
  seconds: number
  /** Processor time, which other work on the machine does not lengthen. */
  processorSeconds: number
  memoryMB: number
}

/** Sweeps a list of invented records and measures time and memory of everything after their invention. */
export function measureSweep(seed: number, count: number): SweepFigures {
  const records = inventRecords(seed, count)
  const [begun, processor] = [performance.now(), process.cpuUsage()]
  const facts = records.map(({ id, values }) => factsOfAccount(id, values))
  const found = sweep(facts, companies(false), null)
  const clusters = clustersOfSweep(facts, found, companies(false)).length
  const { user, system } = process.cpuUsage(processor)
  return {
    records: count,
    pairs: found.compared,
    clusters,
    seconds: (performance.now() - begun) / 1_000,
    processorSeconds: (user + system) / 1e6,
    memoryMB: process.resourceUsage().maxRSS / 1_000,
  }
}

/** Exponent of the growth between the smallest and the largest list: 1 is linear. */
export function exponentOf(figures: readonly SweepFigures[]): number {
  const [first, last] = [figures[0], figures.at(-1)]
  if (!first || !last || first === last) return Number.NaN
  return Math.log(last.processorSeconds / first.processorSeconds) / Math.log(last.records / first.records)
}
