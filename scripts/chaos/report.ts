import type { ChaosResult } from './chaos.ts'
import type { SweepResult } from './sweep/sweep.ts'

/** Of a hundred runs, those that must end verified. */
const VERIFIED_SHARE = 0.95

/** Every run ended as it must, and nothing is wrong. */
export function isAsPromised({ wrong, verdicts, runs }: ChaosResult): boolean {
  return wrong.length === 0 && (verdicts['verified'] ?? 0) >= VERIFIED_SHARE * runs
}

const MOST_LINES = 40

export function reportOf(result: ChaosResult): string[] {
  const { seed, runs, seconds, verdicts, hits, receipts, transactions, wrong } = result
  const counted = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none'
  return [
    '',
    `Seed ${seed}, ${runs} runs, ${seconds} s`,
    `Verdicts: ${counted(verdicts)}`,
    `Receipts ${receipts}, transactions of the product ${transactions}`,
    `Writes sent ${hits.sent}; answer lost ${hits.lost} (the write stood or was refused by then: ${hits.lostAfterEffect}), in ${hits.runs} runs`,
    `Faults begun: ${counted(result.faults)}`,
    `Starts: ${counted(result.starts)}`,
    `Ended by themselves: ${result.ownEnds.length === 0 ? 'none' : result.ownEnds.join('; ')}`,
    `Problems people met: ${counted(result.problems)}`,
    `Wrong: ${wrong.length}`,
    ...wrong.slice(0, MOST_LINES).map(({ kind, about, what }) => `  ${kind}: ${about}: ${what}`),
  ]
}

export function sweepReport({ points, trials, notReached, wrong }: SweepResult): string[] {
  const total = Object.values(points).reduce((sum, count) => sum + count, 0)
  const byProcess = Object.entries(points).map(([process, count]) => `${process} ${count}`)
  return [
    '',
    `Points: ${total} (${byProcess.join(', ')}); trials ${trials}, of which ${notReached.length} did not reach their point`,
    ...notReached.map((name) => `  not reached: ${name}`),
    `Other than undisturbed: ${wrong.length}`,
    ...wrong.map(({ trial, what }) => `  ${trial}: ${what.join('; ')}`),
  ]
}
