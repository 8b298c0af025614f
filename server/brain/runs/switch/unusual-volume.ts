// Runs that events start, counted against what the mission is used to: far more of them wait for an administrator.
import { addSeconds } from '../../../contract/values/instant.ts'
import { StartsStopped } from '../../domain/errors.ts'
import type { MissionVersion } from '../../domain/mission.ts'
import type { Phrase } from '../../domain/phrase.ts'
import type { Run, Trigger } from '../../domain/run.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Reads, Tx } from '../../ports/store.ts'
import { stopUnlessStopped } from './containment.ts'
import { lockSwitch } from './throw-switch.ts'

const HOUR_SECONDS = 3600
const HISTORY_SECONDS = 7 * 86_400
const TIMES_USUAL = 10
const FEWEST = 20

/**
 * Runs an hour from which on a mission's volume is unusual: ten times its median hour, and never below half of what it may start in
 * a day, which a mission without a history goes by. `hours` are its counts of the last week, hours without a run left out.
 */
export function unusualFrom(hours: readonly number[], perDay: number): number {
  const sorted = [...hours].sort((a, b) => a - b)
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0
  return Math.max(TIMES_USUAL * usual, Math.ceil(perDay / 2), FEWEST)
}

const BY_ITSELF: readonly Trigger['kind'][] = ['change', 'catch-up', 'poll', 'event', 'schedule']

/** True when an event, the clock or a query started it, and no person. */
const startsByItself = ({ kind }: Trigger): boolean => BY_ITSELF.includes(kind)

const startsOf = (mission: string) => `starts:${mission}` as const

export const STARTS_STOPPED: Phrase = ['Many more runs than usual: an administrator has to let them go on']

/** Throws StartsStopped before a run that no person launched begins, or opens its decision, while starts of its mission are stopped. */
export async function assertStartsOn(reads: Pick<Reads, 'setting'>, run: Run): Promise<void> {
  if (!startsByItself(run.trigger) || run.decisionId !== null) return
  if (run.phase !== 'trigger' && run.phase !== 'decide') return
  if ((await reads.setting(startsOf(run.mission))) === 'stopped') throw new StartsStopped(run.mission)
}

/**
 * True when a new run is to wait for an administrator. The run that makes the volume unusual stops the starts of its mission, which
 * leaves a change of the switch; runs are counted anew from its next start on.
 */
export async function isHeldForVolume(
  { clock }: { clock: Clock },
  tx: Tx,
  { name, definition }: MissionVersion,
  trigger: Trigger,
): Promise<boolean> {
  if (!startsByItself(trigger)) return false
  const what = startsOf(name)
  if ((await tx.setting(what)) === 'stopped') return true
  const hourAgo = addSeconds(clock.now(), -HOUR_SECONDS)
  const least = unusualFrom([], definition.limits.perDay)
  if ((await tx.runsStartedSince(name, hourAgo)) < least) return false
  const released = (await tx.switchChangesSince(hourAgo)).find((change) => change.what === what && !change.isStop)
  const since = released?.at ?? hourAgo
  const hours = await tx.runsPerHour(name, addSeconds(hourAgo, -HISTORY_SECONDS), hourAgo)
  const most = unusualFrom(hours, definition.limits.perDay)
  const started = await tx.runsStartedSince(name, since)
  if (started < most) return false
  await lockSwitch(tx)
  await stopUnlessStopped(tx, what, `${started} runs within an hour, ${most} or more are unusual`)
  return true
}
