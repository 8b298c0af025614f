import type { MissionTrigger } from '../../domain/mission.ts'
import { fieldsOfWhere } from './where.ts'

/** Fields by which a trigger finds or tells apart its records, parents' as `Owner.Name`. */
export function fieldsOfTrigger(trigger: MissionTrigger): [object: string, path: string][] {
  if ('change' in trigger) {
    const object = trigger.change.split('.')[0] ?? ''
    return (trigger.fields ?? []).map((field) => [object, field])
  }
  if (!('schedule' in trigger) || trigger.each?.where === undefined) return []
  const { object, where } = trigger.each
  return fieldsOfWhere(object, where).map((field) => [object, field])
}
