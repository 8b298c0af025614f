import type { MissionDefinition, RecordStep } from '../../domain/mission.ts'

export const START = 'trigger.recordId'

/** The step whose record a run is about; null for a mission that starts from none. */
export function startStep({ read }: Pick<MissionDefinition, 'read'>): RecordStep | null {
  return read.find((step): step is RecordStep => 'id' in step && step.id === START) ?? null
}
