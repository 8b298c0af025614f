import { listOf } from '../../../contract/http.ts'
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
  grantHash: z.string(),
  activatedBy: z.string().nullable(),
  activatedAt: z.string().nullable(),
  /** Filters of the portal, for a mission that can be launched over a scope. */
  portal: z.object({ scope: z.string(), filter: z.array(z.string()) }).nullable(),
  triggers: z.array(z.string()),
})

export function missionView(mission: MissionVersion, activeVersion: number | null): z.input<typeof MissionView> {
  const { name, version, definition, activation, grantHash, activatedBy, activatedAt } = mission
  const portal = definition.trigger.flatMap((trigger) => ('portal' in trigger ? [trigger.portal] : []))[0] ?? null
  return {
    name,
    version,
    grantHash,
    activatedBy,
    activatedAt,
    activeVersion,
    portal,
    title: definition.title,
    description: definition.description,
    active: activation !== null,
    triggers: definition.trigger.flatMap((trigger) => ('change' in trigger ? [trigger.change] : [])),
  }
}

export const listMissions = route({
  method: 'get',
  path: '/api/v1/missions',
  summary: 'The newest version of every mission, and which version is active',
  answers: listOf(MissionView),
  async handle({ store }) {
    const [latest, active] = await Promise.all([store.latestMissions(), store.activeMissions()])
    const versions = new Map(active.map(({ name, version }) => [name, version]))
    return { items: latest.map((mission) => missionView(mission, versions.get(mission.name) ?? null)), next: null }
  },
})
