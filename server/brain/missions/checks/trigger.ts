import { InvalidInput } from '../../domain/errors.ts'
import type { MissionDefinition, MissionTrigger, ScheduleTrigger } from '../../domain/mission.ts'
import { scheduleFault } from '../language/schedule.ts'
import { START, startStep } from '../language/start-step.ts'
import { fieldsOfWhere } from '../language/where.ts'
import type { Finding } from './finding.ts'

type Definition = Pick<MissionDefinition, 'trigger' | 'read'>
type Fault = { path: string[]; message: string }

/** Triggers that could never start a run, or would start one that has nothing to do. */
export function triggerFindings(definition: Definition): Finding[] {
  const start = startStep(definition)?.object ?? null
  return definition.trigger.flatMap((trigger, index) => {
    const faults = [...faultsOf(trigger, start), ...twiceWatched(trigger, definition.trigger)]
    return faults.map(({ path, message }) => ({ path: ['trigger', index, ...path], message }))
  })
}

function faultsOf(trigger: MissionTrigger, start: string | null): Fault[] {
  if ('change' in trigger) return changeFaults(trigger, start)
  if ('event' in trigger) return start === null ? [needsStart('event', 'a request names the record')] : []
  if ('schedule' in trigger) return scheduleFaults(trigger, start)
  if ('poll' in trigger) return aboutFaults(['poll'], trigger.poll, start)
  if ('api' in trigger) return aboutFaults(['api', 'object'], trigger.api.object, start)
  return []
}

function changeFaults({ change, fields }: Extract<MissionTrigger, { change: string }>, start: string | null): Fault[] {
  const [object = '', what] = change.split('.')
  const whose = start === null || start === object ? [] : aboutFaults(['change'], object, start)
  if (fields === undefined || what === 'updated') return whose
  const instead = `only an update has changed fields: write ${object}.updated, or leave \`fields\` out`
  return [...whose, { path: ['fields'], message: instead }]
}

function scheduleFaults(trigger: ScheduleTrigger, start: string | null): Fault[] {
  const fault = scheduleFault(trigger)
  const { each } = trigger
  return [
    ...(fault ? [{ path: [fault.part], message: fault.message }] : []),
    ...(each ? eachFaults(each, start) : alone(start)),
  ]
}

/** A run about no record cannot read one. */
function alone(start: string | null): Fault[] {
  if (start === null) return []
  const message = `each run starts from a record of ${start}: name the records, e.g. each: { object: ${start}, where: "…" }`
  return [{ path: ['schedule'], message }]
}

function eachFaults({ object, where }: NonNullable<ScheduleTrigger['each']>, start: string | null): Fault[] {
  const about = aboutFaults(['each', 'object'], object, start)
  if (where === undefined) return about
  try {
    fieldsOfWhere(object, where)
    return about
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    return [...about, { path: ['each', 'where'], message: error.message }]
  }
}

/** A run about a record of this object would find nothing to do. */
function aboutFaults(path: string[], object: string, start: string | null): Fault[] {
  if (start === object) return []
  if (start === null) return [needsStart(path[0] ?? '', `each run is about a record of ${object}`)]
  return [
    {
      path,
      message: `each run starts from a record of ${start}, and finds nothing to do with one of ${object}; write ${start}`,
    },
  ]
}

const needsStart = (part: string, why: string): Fault => ({
  path: [part],
  message: `${why}, which no step reads: give one \`id: ${START}\``,
})

/** The same change would start the mission as an event and as a row. */
function twiceWatched(trigger: MissionTrigger, all: readonly MissionTrigger[]): Fault[] {
  if (!('poll' in trigger)) return []
  const both = all.some((each) => 'change' in each && each.change.split('.')[0] === trigger.poll)
  const twice = all.filter((each) => 'poll' in each && each.poll === trigger.poll).length > 1
  if (!both && !twice) return []
  const message = both
    ? `changes of ${trigger.poll} are waited for already: keep \`change\` where the org publishes them, else \`poll\``
    : `${trigger.poll} is polled twice: keep one`
  return [{ path: ['poll'], message }]
}
