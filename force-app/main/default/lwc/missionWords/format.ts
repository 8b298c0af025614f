import locale from '@salesforce/i18n/locale'
import timeZone from '@salesforce/i18n/timeZone'
import { formatLabel } from './formatLabel'
import { labels } from './labels'

// As the person set them in Salesforce, so that a time here is the same as in the fields beside it.
const inZone = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options })
const ofDay = inZone({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const ofYear = inZone({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })
const dayOnly = inZone({ day: 'numeric', month: 'short', year: 'numeric' })
const plainDay = inZone({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const plainMonth = inZone({ month: 'long', year: 'numeric', timeZone: 'UTC' })
const numbered = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' })

/** Time of day in the reader's zone, `14:01:07`. */
export function clock(time: string): string {
  return ofDay.format(new Date(time))
}

/** Day and time in the reader's zone. */
export function dayAndTime(time: string): string {
  return ofYear.format(new Date(time))
}

/** A date without a time, `2026-11-23`, as the reader writes dates; any other text stays as it is. */
export function calendarDay(date: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN
  return Number.isNaN(at) ? date : plainDay.format(at)
}

/** The month of a time in the reader's zone, `2026-11`. */
export function monthOf(time: string): string {
  const parts = numbered.formatToParts(new Date(time))
  const at = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${at('year')}-${at('month')}`
}

/** `November 2026` for `2026-11`. */
export function monthName(month: string): string {
  return plainMonth.format(Date.parse(`${month}-01`))
}

/** How long a decision can still be answered, coarsely: `Expires in 2 d`, `in 5 h`, `in 4 min`. `now` in ms since 1970. */
export function expiry(time: string, now: number): string {
  const minutes = Math.round((new Date(time).getTime() - now) / 60_000)
  if (minutes <= 0) return labels.expired
  if (minutes < 90) return formatLabel(labels.expiresInMinutes, minutes)
  if (minutes < 48 * 60) return formatLabel(labels.expiresInHours, Math.round(minutes / 60))
  return formatLabel(labels.expiresInDays, Math.round(minutes / 1440))
}

/** The sentence in place of contents that were erased. */
export function erasedText({ at, by }: { at: string; by: string }): string {
  return formatLabel(labels.erased, dayOnly.format(new Date(at)), by)
}
