// When an approved change may be written: windows of the week and days of rest, by the clocks of one zone.
import { z } from 'zod'
import { addSeconds, millisOf, secondsBetween } from '../values/instant.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
const DAY = `(?:${DAYS.join('|')})`
const WINDOW = new RegExp(
  `^(${DAY}(?:-${DAY})?(?:, ?${DAY}(?:-${DAY})?)*) ([01]\\d|2[0-3]):([0-5]\\d)-([01]\\d|2[0-4]):([0-5]\\d)$`,
)
const FREEZE = /^(\d{4}-\d\d-\d\d)\/(\d{4}-\d\d-\d\d)$/

export const CommitTimes = z.strictObject({
  windows: z
    .array(z.string().max(60).regex(WINDOW, 'e.g. Mon-Fri 18:00-06:00, or Sat, Sun 00:00-24:00'))
    .min(1)
    .max(20)
    .optional()
    .describe('By the day on which they begin; one that ends before it begins ends on the next day'),
  freeze: z
    .array(z.string().max(21).regex(FREEZE, 'e.g. 2026-12-28/2027-01-04'))
    .min(1)
    .max(50)
    .optional()
    .describe('First and last day on which nothing is written'),
  zone: z.string().min(1).max(60).describe('E.g. Europe/Berlin'),
})
export type CommitTimes = z.infer<typeof CommitTimes>

/** A UTC time as clocks of a zone show it, written as if it were UTC; null for a zone that is not known. */
export type LocalTime = (zone: string, iso: string) => string | null

interface Window {
  /** Weekdays on which it begins, Sunday is 0. */
  days: ReadonlySet<number>
  /** Minutes of the day. */
  from: number
  /** Not after `from`: it ends on the next day. */
  to: number
}

const DAY_SECONDS = 86_400
const DAY_MINUTES = 1_440
/** More than windows begin within the days that are looked at, and breaks there are. */
const MOST_STEPS = 2_000

/** Reasons why these times cannot be kept, by the part they are in; empty when they can. */
export function faultsOf(times: CommitTimes, local: LocalTime): { part: (string | number)[]; message: string }[] {
  const { windows = [], freeze = [], zone } = times
  const empty = windows.flatMap((text, index) => {
    const { from, to } = windowOf(text)
    if (to > DAY_MINUTES) return [{ part: ['windows', index], message: 'a day ends at 24:00' }]
    return from === to ? [{ part: ['windows', index], message: 'opens for no time; a whole day is 00:00-24:00' }] : []
  })
  const wrong = freeze.flatMap((text, index) => {
    const [first, last] = freezeOf(text)
    const part = ['freeze', index]
    if (!isDate(first) || !isDate(last)) return [{ part, message: 'one of the days does not exist' }]
    return last < first ? [{ part, message: 'ends before it begins' }] : []
  })
  const unknown = local(zone, '2026-01-01T00:00:00.000Z') === null
  return [...empty, ...wrong, ...(unknown ? [{ part: ['zone'], message: `no time zone is called ${zone}` }] : [])]
}

/** True while a change may be written. A zone that is not known is never open. */
export function isOpen(times: CommitTimes, at: string, local: LocalTime): boolean {
  const wall = local(times.zone, at)
  if (wall === null || frozenUntil(times, wall) !== null) return false
  const windows = (times.windows ?? []).map(windowOf)
  if (windows.length === 0) return true
  const [day, minute] = [weekdayOf(wall), minuteOf(wall)]
  const yesterday = (day + 6) % 7
  return windows.some(({ days, from, to }) => {
    const isOvernight = to <= from
    const began = days.has(day) && minute >= from && (isOvernight || minute < to)
    return began || (isOvernight && days.has(yesterday) && minute < to)
  })
}

/** The first time at or after `at` at which a change may be written; null when there is none. */
export function nextOpen(times: CommitTimes, at: string, local: LocalTime): string | null {
  let cursor = at
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (isOpen(times, cursor, local)) return cursor
    const wall = local(times.zone, cursor)
    if (wall === null) return null
    const after = frozenUntil(times, wall)
    const next = after === null ? nextStart(times, cursor, wall, local) : instantOf(times.zone, after, cursor, local)
    if (next === null || next <= cursor) return null
    cursor = next
  }
  return null
}

/** Midnight after the last day of the freeze that this is in, on the wall; null outside one. */
function frozenUntil({ freeze = [] }: CommitTimes, wall: string): string | null {
  const today = wall.slice(0, 10)
  const last = freeze.map(freezeOf).flatMap(([from, to]) => (from <= today && today <= to ? [to] : []))
  const latest = last.sort().at(-1)
  return latest === undefined ? null : addSeconds(`${latest}T00:00:00.000Z`, DAY_SECONDS)
}

/** The next beginning of a window within eight days. */
function nextStart({ windows = [], zone }: CommitTimes, cursor: string, wall: string, local: LocalTime): string | null {
  const midnight = `${wall.slice(0, 10)}T00:00:00.000Z`
  const starts = windows.map(windowOf).flatMap(({ days, from }) =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((ahead) => {
      const day = addSeconds(midnight, ahead * DAY_SECONDS)
      return days.has(weekdayOf(day)) ? [instantOf(zone, addSeconds(day, from * 60), cursor, local)] : []
    }),
  )
  return starts.filter((start) => start > cursor).sort()[0] ?? null
}

/** The first time after `near` at which the wall shows this or, where that hour is left out, what comes after it. */
function instantOf(zone: string, wall: string, near: string, local: LocalTime): string {
  const offsets = [near, addSeconds(wall, -DAY_SECONDS), wall, addSeconds(wall, DAY_SECONDS)].flatMap((iso) => {
    const there = local(zone, iso)
    return there === null ? [] : [secondsBetween(wholeSecondOf(iso), there)]
  })
  const times = [...new Set(offsets)].map((offset) => addSeconds(wall, -offset)).sort()
  const exact = times.find((iso) => local(zone, iso) === wall)
  return exact ?? times.find((iso) => (local(zone, iso) ?? '') > wall) ?? addSeconds(wall, 0)
}

const wholeSecondOf = (iso: string): string => `${iso.slice(0, 19)}.000Z`

function windowOf(text: string): Window {
  const [, days = '', fromHour, fromMinute, toHour, toMinute] = WINDOW.exec(text) ?? []
  return {
    days: new Set(days.split(/, ?/).flatMap(daysOf)),
    from: Number(fromHour) * 60 + Number(fromMinute),
    to: Number(toHour) * 60 + Number(toMinute),
  }
}

/** `Fri-Mon` goes over the weekend. */
function daysOf(text: string): number[] {
  const [first, last = first] = text.split('-').map((name) => DAYS.findIndex((day) => day === name))
  const from = first ?? 0
  const count = (((last ?? from) - from + 7) % 7) + 1
  return Array.from({ length: count }, (_, ahead) => (from + ahead) % 7)
}

function freezeOf(text: string): [string, string] {
  const [, first = '', last = ''] = FREEZE.exec(text) ?? []
  return [first, last]
}

const isDate = (text: string): boolean => {
  const midnight = `${text}T00:00:00.000Z`
  return millisOf(midnight) !== null && addSeconds(midnight, 0) === midnight
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(wall: string): number {
  const days = Math.floor((millisOf(wall) ?? 0) / (DAY_SECONDS * 1000))
  return (((days + 4) % 7) + 7) % 7
}

const minuteOf = (wall: string): number => Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16))
