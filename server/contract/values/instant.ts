// Arithmetic on ISO 8601 UTC times: plain functions of their arguments, on the proleptic Gregorian calendar, without a clock.

const DAY = 86_400_000
const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:?00)$/

/** Days since 1970-01-01; years are counted from March so that the leap day comes last. */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

function civilOf(days: number): [year: number, month: number, day: number] {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return [year, month, dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1]
}

/** Milliseconds since 1970-01-01T00:00Z of a UTC time, or null when the text is not one. */
export function millisOf(iso: string): number | null {
  const found = SHAPE.exec(iso)
  if (!found) return null
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const millis = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3))
  return daysOf(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millis
}

function required(iso: string): number {
  const millis = millisOf(iso)
  if (millis === null) throw new TypeError(`${iso} is not an ISO 8601 UTC time`)
  return millis
}

/** The beginning of its second: an org keeps times no finer. */
export function wholeSecond(iso: string): string {
  return addSeconds(iso, -(required(iso) % 1000) / 1000)
}

/** The time `seconds` after `iso`, with milliseconds. */
export function addSeconds(iso: string, seconds: number): string {
  const millis = required(iso) + Math.round(seconds * 1000)
  const days = Math.floor(millis / DAY)
  const rest = millis - days * DAY
  const two = (n: number) => String(n).padStart(2, '0')
  const [year, month, day] = civilOf(days)
  const clock = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60].map(two)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock.join(':')}.${String(rest % 1000).padStart(3, '0')}Z`
}

/** Seconds from one time to another; negative when `to` lies before `from`. */
export function secondsBetween(from: string, to: string): number {
  return (required(to) - required(from)) / 1000
}
