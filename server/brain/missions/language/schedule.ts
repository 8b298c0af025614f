// When a schedule is due: cron expressions by the clocks of a time zone, daylight saving included.
import { Cron } from 'croner'
import { addSeconds, secondsBetween } from '../../../contract/values/instant.ts'
import type { ScheduleTrigger } from '../../domain/mission.ts'

type Times = Pick<ScheduleTrigger, 'schedule' | 'zone'>

/** Digits and names alone: other letters mean something else in every cron. */
const NUMBERS = /^[\d*,/-]+$/
const OR_NAMES = /^(?:[\d*,/-]|\b[A-Z]{3}\b)+$/i
const PARTS = [NUMBERS, NUMBERS, NUMBERS, OR_NAMES, OR_NAMES]

/** Ticks closer together than this are a stream: change events and polls are for those. */
const LEAST_SECONDS = 300
/** Neighbouring ticks that are compared, from a Monday on. */
const COMPARED = 60
const SOME_MONDAY = '2026-01-05T00:00:00Z'

/** Why this is no schedule, with what to write instead; null when it is one. */
export function scheduleFault({ schedule, zone }: Times): { part: 'schedule' | 'zone'; message: string } | null {
  const parts = schedule.trim().split(/\s+/)
  if (parts.length !== PARTS.length || !PARTS.every((shape, index) => shape.test(parts[index] ?? '')))
    return fault('schedule', 'five parts: minute, hour, day, month, day of the week, e.g. “0 7 * * 1-5”')
  if (!isZone(zone)) return fault('zone', `“${zone}” is no time zone; write one such as Europe/Berlin or UTC`)
  try {
    const ticks = cronOf({ schedule, zone }).nextRuns(COMPARED, SOME_MONDAY)
    if (ticks.length === 0) return fault('schedule', 'this day never comes')
    const apart = ticks.slice(1).map((tick, index) => Number(tick) - Number(ticks[index]))
    if (apart.some((ms) => ms < LEAST_SECONDS * 1000))
      return fault('schedule', 'at most every five minutes, e.g. “*/5 * * * *”; for less, wait for a change')
    return null
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)
    return fault('schedule', `${reason}; write e.g. “0 7 * * 1-5”`)
  }
}

const fault = (part: 'schedule' | 'zone', message: string) => ({ part, message })

function isZone(zone: string): boolean {
  if (!/^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(zone)) return false
  try {
    return new Cron('0 0 * * *', { timezone: zone, mode: '5-part' }).nextRun(SOME_MONDAY) !== null
  } catch {
    return false
  }
}

/** How far back a last tick is looked for, in days: hours of the shortest schedule are few ticks, and the rarest day comes every eight years. */
const LOOK_BACK_DAYS = [1, 32, 400, 3000]

/**
 * The latest tick after a time and not after `now`; null for none. A time that the clocks skip in spring counts as the moment they
 * jump; of a time that they show twice in autumn, a fixed hour counts once.
 */
export function latestTick(times: Times, after: string, now: string): string | null {
  const cron = cronOf(times)
  for (const days of LOOK_BACK_DAYS) {
    const from = addSeconds(now, -days * 86_400)
    const tick = lastBetween(cron, from > after ? from : after, now)
    if (tick !== null) return tick
    if (from <= after) return null
  }
  return null
}

function lastBetween(cron: Cron, after: string, now: string): string | null {
  let last: string | null = null
  for (let next = nextAfter(cron, after); next !== null && next <= now; next = nextAfter(cron, next)) last = next
  return last
}

/** Cron knows whole seconds. */
function nextAfter(cron: Cron, time: string): string | null {
  const tick = cron.nextRun(`${time.slice(0, 19)}Z`)?.toISOString() ?? null
  return tick !== null && secondsBetween(time, tick) > 0 ? tick : null
}

const cronOf = ({ schedule, zone }: Times): Cron => new Cron(schedule, { timezone: zone, mode: '5-part' })
