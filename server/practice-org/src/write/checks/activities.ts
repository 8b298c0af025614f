// What an org fills in of tasks and events: the account they count for, when they begin, how long they last, when they end.
import { DAY_MS, formatDate } from '../../schema/dates.ts'
import { refusal, requiredMissing } from '../../schema/refuse.ts'
import type { Row, Stored } from '../../store/row.ts'
import type { Derivation } from './derivation.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = DAY_MS / MINUTE_MS
const TIMES = ['StartDateTime', 'EndDateTime', 'DurationInMinutes']

const moved = ({ after, before }: Derivation, field: string): boolean =>
  (after[field] ?? null) !== (before?.[field] ?? null)

export function taskFields(derivation: Derivation): Row {
  const { store, catalog, after, before, now } = derivation
  const changes: Row = { ...accountOf(derivation), IsHighPriority: Number(after['Priority'] === 'High') }
  if (before && !moved(derivation, 'Status')) return changes
  const closed = store.rowsWhere(catalog.get('TaskStatus'), 'ApiName', after['Status'] ?? null)[0]?.['IsClosed'] ?? 0
  return { ...changes, IsClosed: closed, CompletedDateTime: closed === 1 ? now : null }
}

/** The account of what, or else of whom, an activity is about. */
function accountOf({ store, catalog, after }: Derivation): Row {
  for (const id of [after['WhatId'], after['WhoId']]) {
    const target = typeof id === 'string' ? catalog.byPrefix(id) : undefined
    if (target?.name === 'Account') return { AccountId: id ?? null }
    if (target?.byName.has('accountid')) return { AccountId: store.row(target, String(id))?.['AccountId'] ?? null }
  }
  return { AccountId: null }
}

/**
 * Start, length and end of an event fit each other: an end that is given makes the length, a length the end, and a new
 * start takes the event along [K]. An event of whole days begins at midnight and lasts one unless it says more.
 */
export function eventFields(derivation: Derivation): Row {
  const { after } = derivation
  const isAllDay = after['IsAllDayEvent'] === 1
  const start = isAllDay ? midnight(startOf(derivation) ?? dayOf(after['ActivityDate'])) : startOf(derivation)
  const minutes = lengthOf(derivation, start) ?? (isAllDay ? DAY_MINUTES : null)
  // The end of whole days is the midnight their last one begins with.
  const spare = isAllDay ? DAY_MINUTES : 0
  const given = isAllDay ? midnight(numberOf(after['EndDateTime'])) : numberOf(after['EndDateTime'])
  const isFixed = start === null || minutes === null || (given !== null && moved(derivation, 'EndDateTime'))
  const end = isFixed ? given : start + (minutes - spare) * MINUTE_MS
  return {
    ...accountOf(derivation),
    StartDateTime: start,
    ActivityDateTime: start,
    EndDateTime: end,
    ActivityDate: start === null ? (after['ActivityDate'] ?? null) : formatDate(start),
    EndDate: end === null ? null : formatDate(end),
    DurationInMinutes: minutes,
  }
}

/** The older name of the start counts when it alone is given. */
function startOf(derivation: Derivation): number | null {
  const { after } = derivation
  const isOlder = !moved(derivation, 'StartDateTime') && moved(derivation, 'ActivityDateTime')
  const [first, second] = isOlder ? ['ActivityDateTime', 'StartDateTime'] : ['StartDateTime', 'ActivityDateTime']
  return numberOf(after[first]) ?? numberOf(after[second])
}

/** In minutes; what is contradictory is left for the rules of the object to refuse. */
function lengthOf(derivation: Derivation, start: number | null): number | null {
  const { after } = derivation
  const [given, end] = [numberOf(after['DurationInMinutes']), numberOf(after['EndDateTime'])]
  const byEnd = moved(derivation, 'EndDateTime') && !moved(derivation, 'DurationInMinutes')
  if (start === null || end === null || (given !== null && !byEnd)) return given
  const spare = after['IsAllDayEvent'] === 1 ? DAY_MINUTES : 0
  return Math.floor((end - start) / MINUTE_MS) + spare
}

const numberOf = (value: Stored | undefined): number | null => (typeof value === 'number' ? value : null)
const dayOf = (date: Stored | undefined): number | null =>
  typeof date === 'string' ? Date.parse(`${date}T00:00:00.000Z`) : null
const midnight = (ms: number | null): number | null => (ms === null ? null : ms - (((ms % DAY_MS) + DAY_MS) % DAY_MS))

/** Refuses an event without a beginning, or whose end or length is missing or does not fit; the words are ours [K]. */
export function checkTimes(before: Row | undefined, row: Row): void {
  const [start, end, minutes] = TIMES.map((name) => numberOf(row[name]))
  if (before && TIMES.every((name) => before[name] === row[name])) return
  if (start === null || start === undefined) {
    if (row['ActivityDate'] === null) throw requiredMissing(['StartDateTime'])
    return
  }
  if (typeof end !== 'number' || typeof minutes !== 'number') throw requiredMissing(['EndDateTime'])
  if (minutes < 0) throw refusal('FIELD_INTEGRITY_EXCEPTION', 'An event cannot end before it begins', ['EndDateTime'])
  const spare = row['IsAllDayEvent'] === 1 ? DAY_MINUTES : 0
  if (Math.floor((end - start) / MINUTE_MS) + spare === minutes) return
  const message = 'Duration and end of the event contradict each other'
  throw refusal('FIELD_INTEGRITY_EXCEPTION', message, ['DurationInMinutes'])
}
