import type { Environment } from '@marcbachmann/cel-js'
import { addSeconds, secondsBetween } from '../values/instant.ts'

const DAY_SECONDS = 86_400

/** A date without a time, `YYYY-MM-DD`, in an expression. */
export class Day {
  readonly iso: string

  constructor(iso: string) {
    this.iso = iso
  }
}

/** A point in time in an expression, as ISO 8601 in UTC. */
export class Instant {
  readonly iso: string

  constructor(iso: string) {
    this.iso = iso
  }
}

/** A number of days, as `days(2)` gives it. */
export class Days {
  readonly count: number

  constructor(count: number) {
    this.count = count
  }
}

const midnight = ({ iso }: Day): string => `${iso}T00:00:00.000Z`

export const addDays = (day: Day, count: number): Day =>
  new Day(addSeconds(midnight(day), count * DAY_SECONDS).slice(0, 10))

/** Whole days from one date to another. */
export const daysBetween = (from: Day, to: Day): number => secondsBetween(midnight(from), midnight(to)) / DAY_SECONDS

/** The date of an instant, in UTC; of a date, itself. */
export const dayOf = ({ iso }: Instant | Day): Day => new Day(iso.slice(0, 10))

/** `count` days after a date that are no Saturday and no Sunday. */
export function addWorkdays(day: Day, count: number): Day {
  let reached = day
  for (let left = count; left > 0;) {
    reached = addDays(reached, 1)
    if (!isWeekend(reached)) left -= 1
  }
  return reached
}

// 1970-01-01 was a Thursday.
const isWeekend = (day: Day): boolean => {
  const weekday = (((daysBetween(new Day('1970-01-01'), day) + 4) % 7) + 7) % 7
  return weekday === 0 || weekday === 6
}

const COMPARISONS: Record<string, (order: number) => boolean> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** Registers dates, times and spans of days: `today() + days(2)`, `opportunity.CloseDate < today()`. */
export function withDays(environment: Environment): Environment {
  environment.registerType('Day', { ctor: Day, fields: {} })
  environment.registerType('Instant', { ctor: Instant, fields: {} })
  environment.registerType('Days', { ctor: Days, fields: {} })
  environment.registerOperator('Day + Days', (day: Day, { count }: Days) => addDays(day, count))
  environment.registerOperator('Day - Days', (day: Day, { count }: Days) => addDays(day, -count))
  for (const left of ['Day', 'Instant']) {
    for (const right of ['Day', 'Instant']) {
      for (const [sign, holds] of Object.entries(COMPARISONS)) {
        environment.registerOperator(`${left} ${sign} ${right}`, (a: Day | Instant, b: Day | Instant) =>
          holds(left === right ? orderOf(a.iso, b.iso) : daysBetween(dayOf(b), dayOf(a))),
        )
      }
    }
    environment.registerOperator(`${left} == ${left}`, (a: Day | Instant, b: Day | Instant) => a.iso === b.iso)
  }
  return environment
}

/** ISO times of one shape are in the order of their letters. */
const orderOf = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
