import { z } from 'zod'
import { NotFound } from '../../domain/errors.ts'
import { withdrawMission as withdraw } from '../../missions/withdraw-mission.ts'
import { route } from '../requests/route.ts'
import { MissionView, missionView } from './list-missions.ts'

export const withdrawMission = route({
  method: 'post',
  path: '/api/v1/missions/{name}/withdraw',
  summary: 'Withdraws a mission: no version of it reads or writes until one is activated again; its runs hold',
  needs: ['Administer_Missions'],
  body: z.strictObject({ reason: z.string().trim().min(3).max(255) }),
  answers: MissionView,
  async handle(doors, { caller, param, body }) {
    const name = param('name')
    await withdraw(doors, { name, reason: body.reason, caller })
    doors.log.warn({ mission: name, userId: caller.userId }, 'mission withdrawn')
    const mission = (await doors.store.lastActivated(name)) ?? (await doors.store.mission(name))
    if (!mission) throw new NotFound('mission')
    return missionView(mission, null)
  },
})
