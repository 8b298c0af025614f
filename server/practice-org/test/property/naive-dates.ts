// Days as people count them on the calendar of a time zone, written down a second time as plainly as possible.

/** `YYYY-MM-DD HH:MM` on the clocks of the zone. */
export function local(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(ms)
  return parts.replace('T', ' ')
}

const day = (year: number, month: number, date: number): string =>
  new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10)

/** First and last day of a date literal, by the day it is. Weeks begin on Sunday. */
export function daysOf(literal: string, today: string): [first: string, last: string] {
  const [year = 0, month = 1, date = 1] = today.split('-').map(Number)
  const [name = '', count = '0'] = literal.split(':')
  const n = Number(count)
  const sunday = date - new Date(`${today}T00:00:00Z`).getUTCDay()
  const quarter = Math.floor((month - 1) / 3) * 3
  const days = (a: number, b: number): [string, string] => [
    day(year, month - 1, date + a),
    day(year, month - 1, date + b),
  ]
  const weeks = (a: number, b: number): [string, string] => [
    day(year, month - 1, sunday + 7 * a),
    day(year, month - 1, sunday + 7 * b + 6),
  ]
  const months = (a: number, b: number): [string, string] => [day(year, month - 1 + a, 1), day(year, month + b, 0)]
  const quarters = (a: number, b: number): [string, string] => [
    day(year, quarter + 3 * a, 1),
    day(year, quarter + 3 * b + 3, 0),
  ]
  const years = (a: number, b: number): [string, string] => [day(year + a, 0, 1), day(year + b, 11, 31)]
  const known: Record<string, () => [string, string]> = {
    YESTERDAY: () => days(-1, -1),
    TODAY: () => days(0, 0),
    TOMORROW: () => days(1, 1),
    LAST_90_DAYS: () => days(-90, 0),
    NEXT_90_DAYS: () => days(1, 90),
    LAST_N_DAYS: () => days(-n, 0),
    NEXT_N_DAYS: () => days(1, n),
    N_DAYS_AGO: () => days(-n, -n),
    LAST_WEEK: () => weeks(-1, -1),
    THIS_WEEK: () => weeks(0, 0),
    NEXT_WEEK: () => weeks(1, 1),
    LAST_N_WEEKS: () => weeks(-n, -1),
    N_WEEKS_AGO: () => weeks(-n, -n),
    THIS_MONTH: () => months(0, 0),
    LAST_MONTH: () => months(-1, -1),
    NEXT_N_MONTHS: () => months(1, n),
    LAST_N_MONTHS: () => months(-n, -1),
    THIS_QUARTER: () => quarters(0, 0),
    LAST_FISCAL_QUARTER: () => quarters(-1, -1),
    N_QUARTERS_AGO: () => quarters(-n, -n),
    THIS_YEAR: () => years(0, 0),
    LAST_FISCAL_YEAR: () => years(-1, -1),
    LAST_N_YEARS: () => years(-n, -1),
  }
  const span = known[name]
  if (!span) throw new Error(`no literal ${literal}`)
  return span()
}

export const LITERALS = [
  'YESTERDAY',
  'TODAY',
  'TOMORROW',
  'LAST_90_DAYS',
  'NEXT_90_DAYS',
  'LAST_WEEK',
  'THIS_WEEK',
  'NEXT_WEEK',
]
  .concat(['LAST_N_DAYS:1', 'LAST_N_DAYS:30', 'NEXT_N_DAYS:2', 'N_DAYS_AGO:2', 'LAST_N_WEEKS:2', 'N_WEEKS_AGO:1'])
  .concat(['THIS_MONTH', 'LAST_MONTH', 'NEXT_N_MONTHS:2', 'LAST_N_MONTHS:3', 'THIS_QUARTER', 'LAST_FISCAL_QUARTER'])
  .concat(['N_QUARTERS_AGO:1', 'THIS_YEAR', 'LAST_FISCAL_YEAR', 'LAST_N_YEARS:1'])

/** What a date function makes of `YYYY-MM-DD HH:MM`. */
export const PARTS: Record<string, (at: string) => number> = {
  CALENDAR_YEAR: (at) => Number(at.slice(0, 4)),
  CALENDAR_MONTH: (at) => Number(at.slice(5, 7)),
  CALENDAR_QUARTER: (at) => Math.ceil(Number(at.slice(5, 7)) / 3),
  FISCAL_QUARTER: (at) => Math.ceil(Number(at.slice(5, 7)) / 3),
  DAY_IN_MONTH: (at) => Number(at.slice(8, 10)),
  DAY_IN_WEEK: (at) => new Date(`${at.slice(0, 10)}T00:00:00Z`).getUTCDay() + 1,
  WEEK_IN_MONTH: (at) => Math.ceil(Number(at.slice(8, 10)) / 7),
  HOUR_IN_DAY: (at) => Number(at.slice(11, 13)),
}
