import { SIGNATURE_SECONDS } from '../../../contract/activation.ts'
import { listOf } from '../../../contract/http.ts'
import { addSeconds } from '../../../contract/values/instant.ts'
import { z } from 'zod'
import type { MissionVersion } from '../../domain/mission.ts'
import { route } from '../requests/route.ts'

export const MissionView = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  version: z.number(),
  active: z.boolean(),
  /** The active version, which may be an earlier one. */
  activeVersion: z.number().nullable(),
  /** When the active version's activation ends. */
  activeUntil: z.string().nullable(),
  grantHash: z.string(),
  activatedBy: z.string().nullable(),
  activatedAt: z.string().nullable(),
  /** The administrator who signed before that one, where two had to. */
  signedFirstBy: z.string().nullable(),
  /** Set while a second administrator is waited for. */
  waiting: z
    .object({
      by: z.string(),
      at: z.string(),
      until: z.string(),
      widenings: z.array(z.string()).describe('What it may do that the version before it may not'),
    })
    .nullable(),
  withdrawn: z.object({ by: z.string(), at: z.string(), reason: z.string() }).nullable(),
  notice: z.string().nullable().describe('What an administrator should know or do about it, in words'),
  /** Filters of the portal, for a mission that can be launched over a scope. */
  portal: z.object({ scope: z.string(), filter: z.array(z.string()) }).nullable(),
  triggers: z.array(z.string()),
})
type MissionView = z.input<typeof MissionView>

/** `active`: the version of the mission that is active now, if any. */
export function missionView(mission: MissionVersion, active: MissionVersion | null): MissionView {
  const { name, version, definition, grantHash, activatedBy, activatedAt } = mission
  const portal = definition.trigger.flatMap((trigger) => ('portal' in trigger ? [trigger.portal] : []))[0] ?? null
  const waiting = waitingOf(mission)
  const withdrawn = withdrawnOf(mission)
  return {
    name,
    version,
    grantHash,
    activatedBy,
    activatedAt,
    signedFirstBy: mission.signedFirst?.userId ?? null,
    activeVersion: active?.version ?? null,
    activeUntil: active?.endsAt ?? null,
    waiting,
    withdrawn,
    notice: noticeOf(waiting, withdrawn),
    portal,
    title: definition.title,
    description: definition.description,
    active: active?.version === version,
    triggers: definition.trigger.flatMap((trigger) => ('change' in trigger ? [trigger.change] : [])),
  }
}

function waitingOf({ waiting }: MissionVersion): MissionView['waiting'] {
  if (!waiting) return null
  const { userId: by, at, widenings } = waiting
  return { by, at, until: addSeconds(at, SIGNATURE_SECONDS), widenings }
}

function withdrawnOf({ withdrawn }: MissionVersion): MissionView['withdrawn'] {
  return withdrawn && { by: withdrawn.userId, at: withdrawn.at, reason: withdrawn.reason }
}

function noticeOf(waiting: MissionView['waiting'], withdrawn: MissionView['withdrawn']): string | null {
  if (waiting) {
    const until = waiting.until.slice(0, 16).replace('T', ' ')
    return `This version may do more than the one before it, so a second administrator has to activate it too, before ${until} UTC. Nothing has changed yet.`
  }
  if (!withdrawn) return null
  return `Withdrawn on ${withdrawn.at.slice(0, 10)}: ${withdrawn.reason}. Its runs hold until a version is activated again.`
}

export const listMissions = route({
  method: 'get',
  path: '/api/v1/missions',
  summary: 'The newest version of every mission, which version is active and until when',
  answers: listOf(MissionView),
  async handle({ store }) {
    const [latest, active] = await Promise.all([store.latestMissions(), store.activeMissions()])
    const byName = new Map(active.map((mission) => [mission.name, mission]))
    return { items: latest.map((mission) => missionView(mission, byName.get(mission.name) ?? null)), next: null }
  },
})
