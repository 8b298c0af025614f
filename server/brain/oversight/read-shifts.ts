import type { Figures, MarkReads, Oversight } from '../ports/oversight.ts'
import { firstDayOf, inputShifts, type InputShift } from './input-shifts.ts'

/** Reads the counts of five weeks and judges them. */
export async function readShifts(
  store: Pick<Oversight, 'inputCounts'> & MarkReads,
  now: string,
): Promise<InputShift[]> {
  const since = firstDayOf(now)
  return inputShifts(await store.inputCounts(since), await store.marks(since), now)
}

/** For monitoring: every index, and again those that are large, by whether a mark explains them. */
export function shiftFigures(shifts: readonly InputShift[]): Figures {
  return {
    missions_input_stability: shifts.map(({ mission, dimension, index }) => ({
      labels: { mission, dimension },
      value: index,
    })),
    missions_input_shift: shifts
      .filter(({ verdict }) => verdict === 'expected' || verdict === 'unexplained')
      .map(({ mission, dimension, index, verdict }) => ({
        labels: { mission, dimension, kind: verdict },
        value: index,
      })),
  }
}

/** The verdict in words, e.g. `expected: after activation of tidy v3 on 2026-01-31`. */
export function shiftText({ verdict, after }: InputShift): string {
  if (verdict === 'usual') return 'as in the four weeks before'
  if (verdict === 'few') return 'too few runs to compare'
  return after ? `expected: after ${after.what} on ${after.at.slice(0, 10)}` : 'unexplained'
}
