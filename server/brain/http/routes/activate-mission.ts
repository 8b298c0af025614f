import { z } from 'zod'
import { activateMission as activate } from '../../missions/activate-mission.ts'
import { NotFound } from '../../domain/errors.ts'
import { Version } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { MissionView, missionView } from './list-missions.ts'

export const activateMission = route({
  method: 'post',
  path: '/api/v1/missions/{name}/activate',
  summary:
    'Activates a version with a token in which the org signed its grant; one that may do more than the version before it waits for a second administrator',
  needs: ['Administer_Missions'],
  body: z.strictObject({ version: Version, decision: z.string().max(8192) }),
  answers: MissionView,
  async handle(doors, { caller, param, body }) {
    const { version, decision: token } = body
    await activate(doors, { name: param('name'), version, token, caller })
    const mission = await doors.store.mission(param('name'), version)
    if (!mission) throw new NotFound('mission')
    const active = (await doors.store.activeMissions()).find(({ name }) => name === mission.name) ?? null
    return missionView(mission, active)
  },
})
