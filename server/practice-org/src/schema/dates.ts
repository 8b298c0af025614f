// Dates and times as an org reads and writes them; inside the engine a datetime is epoch milliseconds, a date is `YYYY-MM-DD`.
const DAY = 86_400_000
const EARLIEST = Date.UTC(1700, 0, 1)
const LATEST = Date.UTC(4000, 11, 31, 23, 59, 59, 999)

/** `2026-01-31T10:00:00.000+0000`, the form REST returns. */
export function formatDatetime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000')
}

/** An org keeps datetimes to the second: two changes within one cannot be told apart by their stamps. */
export const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000

export function formatDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** Epoch ms of an ISO 8601 datetime with offset (or a bare date, taken at 00:00 UTC); undefined when it is none. */
export function parseDatetime(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  )
  if (!match) return undefined
  const [, date = '', time, zone] = match
  if (parseDate(date) === undefined) return undefined
  if (time === undefined) return Date.parse(`${date}T00:00:00.000Z`)
  const offset = (zone ?? 'Z').toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const [clock = '', fraction = ''] = time.split('.')
  const seconds = clock.length === 5 ? `${clock}:00` : clock
  const ms = Date.parse(`${date}T${seconds}.${(fraction + '000').slice(0, 3)}${offset}`)
  return Number.isNaN(ms) || ms < EARLIEST || ms > LATEST ? undefined : ms
}

/** The date of `YYYY-MM-DD` (or of a datetime's UTC day), or undefined when the calendar has no such day. */
export function parseDate(text: string): string | undefined {
  const trimmed = text.trim()
  if (/^\d{4}-\d{2}-\d{2}T/.test(trimmed)) {
    const ms = parseDatetime(trimmed)
    return ms === undefined ? undefined : formatDate(ms)
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(trimmed)) return undefined
  const ms = Date.parse(`${trimmed}T00:00:00.000Z`)
  if (Number.isNaN(ms) || ms < EARLIEST || ms > LATEST || formatDate(ms) !== trimmed) return undefined
  return trimmed
}

/** Half-open range in epoch ms. */
export interface Range {
  from: number
  to: number
}

const utc = (year: number, month: number, day = 1): number => Date.UTC(year, month, day)

/** How one user counts days, weeks and fiscal years. */
export interface Calendar {
  /** IANA name. */
  timeZone: string
  /** 0 is Sunday. */
  weekStart: number
  /** Month the org's fiscal year begins with, 1 to 12. */
  fiscalStart: number
  /** A fiscal year bears the name of the calendar year it begins in, else of the one it ends in. */
  fiscalByStart: boolean
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const fresh = new Intl.DateTimeFormat('en-US', { ...parts, second: 'numeric', hourCycle: 'h23', timeZone })
  formats.set(timeZone, fresh)
  return fresh
}

const isUtc = (timeZone: string): boolean => timeZone === 'GMT' || timeZone === 'UTC'

/** What the clocks of a time zone show at an instant, written down as if it were UTC. */
export function wallClock(ms: number, timeZone: string): number {
  if (isUtc(timeZone)) return ms
  const parts = formatIn(timeZone).formatToParts(ms)
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value)
  const second = Math.floor(ms / 1000) * 1000
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return shown + (ms - second)
}

/** The first instant at which the clocks of a time zone show `wall`; the next one after it where they skip it. */
export function instantOf(wall: number, timeZone: string): number {
  if (isUtc(timeZone)) return wall
  const shift = (at: number): number => wallClock(at, timeZone) - at
  const candidates = [wall - shift(wall - DAY), wall - shift(wall + DAY)]
  const exact = candidates.filter((each) => wallClock(each, timeZone) === wall)
  return exact.length ? Math.min(...exact) : Math.max(...candidates)
}

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR' | 'FISCAL_QUARTER' | 'FISCAL_YEAR'

/** Start of the unit `offset` units away from the one that holds `now`, both as a wall clock shows them. */
function startOf(unit: Unit, now: number, offset: number, calendar: Calendar): number {
  const date = new Date(now)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const fiscal = (month - (calendar.fiscalStart - 1) + 12) % 12
  switch (unit) {
    case 'DAY':
      return utc(year, month, day + offset)
    case 'WEEK':
      return utc(year, month, day - ((date.getUTCDay() - calendar.weekStart + 7) % 7) + 7 * offset)
    case 'MONTH':
      return utc(year, month + offset)
    case 'QUARTER':
      return utc(year, Math.floor(month / 3) * 3 + 3 * offset)
    case 'YEAR':
      return utc(year + offset, 0)
    case 'FISCAL_QUARTER':
      return utc(year, month - (fiscal % 3) + 3 * offset)
    case 'FISCAL_YEAR':
      return utc(year, month - fiscal + 12 * offset)
  }
}

const NAMED: Record<string, [Unit, number, number]> = {
  YESTERDAY: ['DAY', -1, 0],
  TODAY: ['DAY', 0, 1],
  TOMORROW: ['DAY', 1, 2],
  LAST_90_DAYS: ['DAY', -90, 1],
  NEXT_90_DAYS: ['DAY', 1, 91],
}

/**
 * The range a SOQL date literal (`TODAY`, `LAST_N_DAYS:3`, …) names on the user's wall clock, written as if that were UTC.
 * `LAST_N_DAYS` includes today, `NEXT_N_DAYS` and the other `LAST_N`/`NEXT_N` forms leave the current unit out [soqlref].
 * @param now the present on the same wall clock
 */
export function literalRange(literal: string, now: number, calendar: Calendar): Range | undefined {
  const [name = '', count] = literal.toUpperCase().split(':')
  const n = Number(count)
  const between = (unit: Unit, a: number, b: number): Range => ({
    from: startOf(unit, now, a, calendar),
    to: startOf(unit, now, b, calendar),
  })
  const named = NAMED[name]
  if (named) return between(...named)
  const simple = /^(LAST|THIS|NEXT)_((?:FISCAL_)?(?:QUARTER|YEAR)|WEEK|MONTH)$/.exec(name)
  if (simple) {
    const offset = { LAST: -1, THIS: 0, NEXT: 1 }[simple[1] as 'LAST' | 'THIS' | 'NEXT']
    return between(simple[2] as Unit, offset, offset + 1)
  }
  const units = '(DAY|WEEK|MONTH|(?:FISCAL_)?(?:QUARTER|YEAR))S'
  const counted = new RegExp(`^(?:(LAST|NEXT)_N_${units}|N_${units}_AGO)$`).exec(name)
  if (!counted || !Number.isInteger(n) || n < 0) return undefined
  if (counted[3]) return between(counted[3] as Unit, -n, -n + 1)
  const unit = counted[2] as Unit
  if (counted[1] === 'NEXT') return between(unit, 1, n + 1)
  return between(unit, -n, unit === 'DAY' ? 1 : 0)
}

export const DAY_MS = DAY
