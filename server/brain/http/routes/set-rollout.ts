import { z } from 'zod'
import { NotFound } from '../../domain/errors.ts'
import { setRollout } from '../../missions/set-rollout.ts'
import { leftAsideKey, shareOf } from '../../runs/bounds/rollout.ts'
import { route } from '../requests/route.ts'

const RolloutView = z.object({
  mission: z.string(),
  share: z.number().min(0).max(1).describe('Share of the records for which events start runs now'),
  leftAside: z.number().int().describe('Events that started no run so far since their record was not among them'),
})

export const changeRollout = route({
  method: 'post',
  path: '/api/v1/missions/{name}/rollout',
  summary:
    'Lets events start a mission for at most this share of its records, from 0 to 1, at once and without a new version',
  needs: ['Administer_Missions'],
  body: z.strictObject({ share: z.number().min(0).max(1), reason: z.string().trim().min(3).max(255) }),
  answers: RolloutView,
  async handle({ store, log }, { caller, param, body }) {
    const name = param('name')
    await setRollout({ store }, { name, share: body.share, caller })
    log.warn({ mission: name, userId: caller.userId, share: body.share, reason: body.reason }, 'rollout changed')
    const active = (await store.activeMissions()).find((mission) => mission.name === name)
    const mission = active ?? (await store.mission(name))
    if (!mission) throw new NotFound('mission')
    const share = await shareOf(store, mission)
    return { mission: name, share, leftAside: Number((await store.setting(leftAsideKey(name))) ?? 0) }
  },
})
