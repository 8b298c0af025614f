// Dates and times as an org reads and writes them; inside the engine a datetime is epoch milliseconds, a date is `YYYY-MM-DD`.
const DAY = 86_400_000
const EARLIEST = Date.UTC(1700, 0, 1)
const LATEST = Date.UTC(4000, 11, 31, 23, 59, 59, 999)

/** `2026-01-31T10:00:00.000+0000`, the form REST returns. */
export function formatDatetime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000')
}

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

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR'

/** Start of the unit `offset` units away from the one that holds `now`; weeks start on Sunday, fiscal years in January. */
function startOf(unit: Unit, now: number, offset: number): number {
  const date = new Date(now)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  switch (unit) {
    case 'DAY':
      return utc(year, month, day + offset)
    case 'WEEK':
      return utc(year, month, day - date.getUTCDay() + 7 * offset)
    case 'MONTH':
      return utc(year, month + offset)
    case 'QUARTER':
      return utc(year, Math.floor(month / 3) * 3 + 3 * offset)
    case 'YEAR':
      return utc(year + offset, 0)
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
 * The range a SOQL date literal (`TODAY`, `LAST_N_DAYS:3`, …) names, in UTC: every user of the practice org lives in GMT.
 * `LAST_N_DAYS` includes today, `NEXT_N_DAYS` and the other `LAST_N`/`NEXT_N` forms leave the current unit out [soqlref].
 */
export function literalRange(literal: string, now: number): Range | undefined {
  const [name = '', count] = literal.toUpperCase().replace('FISCAL_', '').split(':')
  const n = Number(count)
  const between = (unit: Unit, a: number, b: number): Range => ({
    from: startOf(unit, now, a),
    to: startOf(unit, now, b),
  })
  const named = NAMED[name]
  if (named) return between(...named)
  const simple = /^(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(name)
  if (simple) {
    const offset = { LAST: -1, THIS: 0, NEXT: 1 }[simple[1] as 'LAST' | 'THIS' | 'NEXT']
    return between(simple[2] as Unit, offset, offset + 1)
  }
  const counted = /^(?:(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S|N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO)$/.exec(name)
  if (!counted || !Number.isInteger(n) || n < 0) return undefined
  if (counted[3]) return between(counted[3] as Unit, -n, -n + 1)
  const unit = counted[2] as Unit
  if (counted[1] === 'NEXT') return between(unit, 1, n + 1)
  return between(unit, -n, unit === 'DAY' ? 1 : 0)
}

export const DAY_MS = DAY
