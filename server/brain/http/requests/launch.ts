// Launches a mission for a person, for HTTP and MCP alike.
import { startStep } from '../../missions/language/start-step.ts'
import type { z } from 'zod'
import { sha256Of } from '../../../contract/values/canonical.ts'
import type { LaunchBody } from '../../../contract/http.ts'
import { Conflict, InvalidInput, NotFound } from '../../domain/errors.ts'
import type { MissionVersion } from '../../domain/mission.ts'
import { recordId18 } from '../../domain/record-id.ts'
import type { Trigger } from '../../domain/run.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import type { SessionCaller } from './caller.ts'
import type { RouteContext } from './route-context.ts'

type Launch = z.output<typeof LaunchBody>

/**
 * Starts a run, or returns the one that the caller's key started before. Throws NotFound (mission not active, record not
 * readable by the caller), InvalidInput, or Conflict when the key was used for another launch.
 */
export async function launch(
  { store, visibility, clock, startRun }: RouteContext,
  caller: SessionCaller,
  name: string,
  body: Launch,
  key: string | undefined,
): Promise<{ runId: string }> {
  const mission = (await store.activeMissions()).find((active) => active.name === name)
  if (!mission) throw new NotFound('active mission')
  const subject = subjectOf(mission, body)
  if (subject) {
    const access = await visibility.readAccessOf(caller.userId, { records: [subject.id], fields: [] })
    if (!access.record(subject.id)) throw new NotFound('record')
  }
  const scope = body.scope ?? null
  // Keys belong to their user: no caller can use or block the key of another.
  const idempotencyKey = `launch:${caller.userId}:${keyOf(key)}`
  const earlier = await store.runOfTrigger(idempotencyKey)
  if (earlier && !isSame(earlier.trigger, subject, scope, earlier.mission === mission.name))
    throw new Conflict('key-reused', 'this Idempotency-Key was used for another launch')
  const trigger: Trigger = {
    kind: 'launch',
    change: null,
    subject,
    scope,
    launcher: caller.userId,
    role: caller.permissions.includes('Administer_Missions') ? 'Administer_Missions' : 'Launch_Missions',
    at: clock.now(),
    idempotencyKey,
  }
  const { runId } = await startRun({ mission: mission.name, trigger })
  return { runId }
}

/** The Idempotency-Key a caller sent. Throws InvalidInput. */
export function keyOf(header: string | undefined): string {
  if (header !== undefined && /^[\x21-\x7e]{8,128}$/.test(header)) return header
  throw new InvalidInput('an Idempotency-Key header of 8 to 128 characters is missing')
}

function subjectOf({ definition }: MissionVersion, { subject, scope }: Launch): RecordKey | null {
  const portal = definition.trigger.some((trigger) => 'portal' in trigger)
  const wanted = startStep(definition)?.object ?? null
  // The file says that it may be: what an administrator read before activating it.
  if (!portal && !definition.trigger.some((trigger) => 'api' in trigger))
    throw new InvalidInput(
      `this mission is not launched by hand; write { api: { object: ${wanted ?? 'Lead'} } } under its trigger to allow it`,
    )
  if (!subject && !(scope && portal)) throw new InvalidInput('name the record this mission is to look at')
  if (!subject) return null
  const id = recordId18(subject.id)
  if (id === null || (wanted !== null && wanted !== subject.object))
    throw new InvalidInput(`this mission starts from a ${wanted ?? 'record'}, named by its id`)
  return { object: subject.object, id }
}

function isSame(
  trigger: Trigger,
  subject: RecordKey | null,
  scope: Record<string, string> | null,
  same: boolean,
): boolean {
  return same && sha256Of([trigger.subject, trigger.scope]) === sha256Of([subject, scope])
}
