import { z } from 'zod'
import { activateMission as activate } from '../../missions/activate-mission.ts'
import { NotFound, SalesforceError } from '../../domain/errors.ts'
import type { MissionVersion } from '../../domain/mission.ts'
import { checkAgainstOrg } from '../../missions/check-org.ts'
import { documentsOf } from '../../missions/draft.ts'
import type { RouteContext } from '../requests/route-context.ts'
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
  answers: MissionView.extend({
    orgFindings: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .nullable()
      .describe('What the org lacks of what the version names; null when the org could not be asked'),
  }),
  async handle(doors, { caller, param, body }) {
    const { version, decision: token } = body
    await activate(doors, { name: param('name'), version, token, caller })
    const mission = await doors.store.mission(param('name'), version)
    if (!mission) throw new NotFound('mission')
    const active = (await doors.store.activeMissions()).find(({ name }) => name === mission.name) ?? null
    return { ...missionView(mission, active), orgFindings: await findingsOf(doors, mission, caller.userId) }
  },
})

/** The activation stands, whether the org can be compared or not. */
async function findingsOf(
  doors: RouteContext,
  mission: MissionVersion,
  userId: string,
): Promise<{ path: string; message: string }[] | null> {
  try {
    const documents = await documentsOf(doors.store, mission)
    return await checkAgainstOrg(doors, { mission, documents }, { file: `${mission.name}.yaml`, userId })
  } catch (error) {
    if (error instanceof SalesforceError) return null
    throw error
  }
}
