// Arithmetic on ISO 8601 texts, because phases may not ask a machine's clock or calendar.

interface Instant {
  days: number
  seconds: number
}

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|([+-])(\d{2}):?(\d{2})))?$/

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

function dateOf(days: number): string {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted + (shifted < 10 ? 3 : -9)
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`
}

const pad = (n: number) => String(n).padStart(2, '0')

function parse(iso: string): Instant {
  const match = PATTERN.exec(iso)
  if (!match) throw new TypeError(`not an ISO time: ${iso}`)
  const [, year, month, day, hour = '0', minute = '0', second = '0', sign, offsetHour = '0', offsetMinute = '0'] = match
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60 * (sign === '-' ? -1 : 1)
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second) - offset
  return { days: daysOf(Number(year), Number(month), Number(day)), seconds }
}

/** The time `seconds` later (earlier when negative), in UTC without fractions: a SOQL datetime literal. */
export function secondsLater(iso: string, seconds: number): string {
  const { days, seconds: base } = parse(iso)
  const total = days * 86_400 + base + seconds
  const day = Math.floor(total / 86_400)
  const rest = total - day * 86_400
  return `${dateOf(day)}T${pad(Math.floor(rest / 3600))}:${pad(Math.floor(rest / 60) % 60)}:${pad(rest % 60)}Z`
}

/** Whole days from the first time to the second; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  const [a, b] = [parse(from), parse(to)]
  return Math.trunc(((b.days - a.days) * 86_400 + b.seconds - a.seconds) / 86_400)
}

/** The next day that is not a Saturday or Sunday, as `YYYY-MM-DD`, in UTC. */
export function nextWorkingDay(iso: string): string {
  const { days, seconds } = parse(iso)
  const today = days + Math.floor(seconds / 86_400)
  const weekday = (((today + 4) % 7) + 7) % 7
  return dateOf(today + (weekday === 5 ? 3 : weekday === 6 ? 2 : 1))
}

/** Whether the first time is before the second, whatever offset each is written in. */
export function isBefore(a: string, b: string): boolean {
  const [x, y] = [parse(a), parse(b)]
  return x.days * 86_400 + x.seconds < y.days * 86_400 + y.seconds
}
