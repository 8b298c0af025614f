// Shifts in what comes to missions: the last week against the four weeks before it, with the changes that explain one.
import { addSeconds } from '../../contract/values/instant.ts'
import type { InputCount, Mark } from '../domain/input-mix.ts'
import { stabilityOf, type Counts } from './stability.ts'

export interface InputShift {
  mission: string
  dimension: string
  /** Population stability index of the last week against the weeks before it. */
  index: number
  /** `few`: too few runs to judge; `expected`: a mark explains it. */
  verdict: 'usual' | 'few' | 'expected' | 'unexplained'
  after: Mark | null
  /** Runs of the last week, and of the weeks before. */
  runs: { week: number; before: number }
}

const DAY = 86_400
const WEEK_DAYS = 7
const REFERENCE_DAYS = 28
/** Runs that each side must have. */
const FEWEST = 50
/** The index from which on a shift is large. */
const LARGE = 0.25

const dayBefore = (now: string, days: number): string => addSeconds(now, -days * DAY).slice(0, 10)

/** The first day that is looked at. */
export const firstDayOf = (now: string): string => dayBefore(now, WEEK_DAYS + REFERENCE_DAYS - 1)

/** One shift per mission and dimension, as of a time. */
export function inputShifts(counts: readonly InputCount[], marks: readonly Mark[], now: string): InputShift[] {
  const series = new Map<string, InputCount[]>()
  for (const count of counts) {
    const name = JSON.stringify([count.mission, count.dimension])
    const days = series.get(name)
    if (days) days.push(count)
    else series.set(name, [count])
  }
  return [...series.values()].map((days) => shiftOf(days, marks, now))
}

function shiftOf(days: readonly InputCount[], marks: readonly Mark[], now: string): InputShift {
  const { mission = '', dimension = '' } = days[0] ?? {}
  const weekFrom = dayBefore(now, WEEK_DAYS - 1)
  const from = firstDayOf(now)
  const [week, before] = [within(days, weekFrom, null), within(days, from, weekFrom)]
  const { index } = stabilityOf(before, week)
  const found = { mission, dimension, index, runs: { week: sum(week), before: sum(before) }, after: null }
  const judged = judge(before, week)
  if (judged !== 'shifted') return { ...found, verdict: judged }
  const own = marks.filter((mark) => mark.mission === null || mark.mission === mission)
  const after = own.findLast((mark) => explains(mark.at.slice(0, 10), days, { from, weekFrom })) ?? null
  return { ...found, verdict: after ? 'expected' : 'unexplained', after }
}

/**
 * A mark explains a shift that came with it. One of this week does unless the days before it had shifted already; an older one does
 * unless the days between it and this week were still otherwise.
 */
function explains(
  day: string,
  days: readonly InputCount[],
  { from, weekFrom }: { from: string; weekFrom: string },
): boolean {
  if (day < from) return false
  if (day >= weekFrom) return judge(within(days, from, weekFrom), within(days, weekFrom, day)) !== 'shifted'
  return judge(within(days, dayAfter(day), weekFrom), within(days, weekFrom, null)) !== 'shifted'
}

const dayAfter = (day: string): string => addSeconds(`${day}T00:00:00.000Z`, DAY).slice(0, 10)

function judge(before: Counts, week: Counts): 'usual' | 'few' | 'shifted' {
  if (sum(before) < FEWEST || sum(week) < FEWEST) return 'few'
  const { index, chance } = stabilityOf(before, week)
  return index >= Math.max(LARGE, chance) ? 'shifted' : 'usual'
}

/** Counts by value from a day on, up to another that is not in it. */
function within(days: readonly InputCount[], from: string, to: string | null): Counts {
  const counts = new Map<string, number>()
  for (const { day, value, runs } of days) {
    if (day >= from && (to === null || day < to)) counts.set(value, (counts.get(value) ?? 0) + runs)
  }
  return counts
}

const sum = (counts: Counts): number => [...counts.values()].reduce((total, count) => total + count, 0)
