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

/** A change as missions wait for it. */
type Waited = Pick<OrgChange, 'object' | 'changeType' | 'changedFields'>

/**
 * Missions that this change starts, each with its delay. A mission is named at most once, with the shortest delay of its triggers
 * that match. One that waits for fields starts also when it is not known which changed.
 */
export function missionsFor(
  change: Waited,
  missions: readonly MissionVersion[],
): { mission: MissionVersion; afterSeconds: number }[] {
  const name = changeName(change)
  return missions.flatMap((mission) => {
    const delays = mission.definition.trigger.flatMap((each) =>
      'change' in each && each.change === name && changedOneOf(each.fields, change.changedFields)
        ? [secondsOf(each.after)]
        : [],
    )
    return delays.length > 0 ? [{ mission, afterSeconds: Math.min(...delays) }] : []
  })
}

function changedOneOf(fields: readonly string[] | undefined, changed: readonly string[] | null): boolean {
  if (fields === undefined || changed === null) return true
  const names = new Set(changed.flatMap(namesOf).map((name) => name.toLowerCase()))
  return fields.some((field) => names.has(field.toLowerCase()))
}

/** The API names behind a field of an event's schema (docs/salesforce-facts.md#change-events): of a part also its whole's. */
function namesOf(field: string): string[] {
  const [whole = '', part] = field.split('.')
  if (part === undefined) return [whole]
  return [whole, part, `${whole.replace(/Address$/, '')}${part}`, `${whole.replace(/c$/, '')}${part}__s`]
}

/** Objects whose changes the missions wait for. */
export function objectsWatched(missions: readonly MissionVersion[]): string[] {
  const objects = missions.flatMap(({ definition }) =>
    definition.trigger.flatMap((each) => ('change' in each ? [each.change.split('.')[0] ?? ''] : [])),
  )
  return [...new Set(objects)].sort()
}

/** Platform events that the missions wait for. */
export function eventsAwaited(missions: readonly MissionVersion[]): string[] {
  const events = missions.flatMap(({ definition }) =>
    definition.trigger.flatMap((each) => ('event' in each ? [each.event] : [])),
  )
  return [...new Set(events)].sort()
}

/** Missions that wait for any change of an object. */
export function missionsWatching(object: string, missions: readonly MissionVersion[]): MissionVersion[] {
  return missions.filter((mission) => objectsWatched([mission]).includes(object))
}

/** Seconds of `30s`, `5m`, `2h`. */
export function secondsOf(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? 0)
}
