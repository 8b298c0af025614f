import type { MissionVersion } from '../domain/mission.ts'
import type { OrgChange } from '../ports/org-changes.ts'

const VERBS: Record<string, string> = {
  CREATE: 'created',
  UPDATE: 'updated',
  DELETE: 'deleted',
  UNDELETE: 'created',
  GAP_CREATE: 'created',
  GAP_UPDATE: 'updated',
  GAP_DELETE: 'deleted',
}
const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600 }

/** What the org calls a change, in a mission's words: `Lead.created`; null for what no mission can wait for. */
export function changeName(change: Pick<OrgChange, 'object' | 'changeType'>): string | null {
  const verb = VERBS[change.changeType]
  return verb === undefined ? null : `${change.object}.${verb}`
}

/** Missions that this change starts, each with its delay. A mission is named at most once. */
export function missionsFor(
  change: Pick<OrgChange, 'object' | 'changeType'>,
  missions: readonly MissionVersion[],
): { mission: MissionVersion; afterSeconds: number }[] {
  const name = changeName(change)
  return missions.flatMap((mission) => {
    const trigger = mission.definition.trigger.find((each) => 'change' in each && each.change === name)
    return trigger && 'change' in trigger ? [{ mission, afterSeconds: secondsOf(trigger.after) }] : []
  })
}

/** Objects whose changes the missions wait for. */
export function objectsWatched(missions: readonly MissionVersion[]): string[] {
  const objects = missions.flatMap(({ definition }) =>
    definition.trigger.flatMap((each) => ('change' in each ? [each.change.split('.')[0] ?? ''] : [])),
  )
  return [...new Set(objects)].sort()
}

/** Missions that wait for any change of an object. */
export function missionsWatching(object: string, missions: readonly MissionVersion[]): MissionVersion[] {
  return missions.filter((mission) => objectsWatched([mission]).includes(object))
}

/** Seconds of `30s`, `5m`, `2h`. */
export function secondsOf(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? 0)
}
