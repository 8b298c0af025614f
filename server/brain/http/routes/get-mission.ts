import { z } from 'zod'
import { Grant } from '../../../contract/grant.ts'
import { NotFound } from '../../domain/errors.ts'
import { Version } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { MissionView, missionView } from './list-missions.ts'

export const getMission = route({
  method: 'get',
  path: '/api/v1/missions/{name}',
  summary: 'A mission: its definition as written, and exactly what it may touch',
  query: z.strictObject({ version: z.coerce.number().pipe(Version).optional() }),
  answers: MissionView.extend({
    source: z.string(),
    grant: Grant,
    knowledge: z.record(z.string(), z.number()),
    /** Where each document came from, who put it there and when. */
    documents: z.array(
      z.object({ name: z.string(), version: z.number(), origin: z.string(), writer: z.string(), at: z.string() }),
    ),
  }),
  async handle({ store }, { param, query }) {
    const mission = await store.mission(param('name'), query.version)
    if (!mission) throw new NotFound('mission')
    const active = (await store.activeMissions()).find(({ name }) => name === mission.name) ?? null
    const { source, grant, knowledge } = mission
    const documents = await store.documentOrigins(knowledge)
    return { ...missionView(mission, active), source, grant, knowledge, documents }
  },
})
