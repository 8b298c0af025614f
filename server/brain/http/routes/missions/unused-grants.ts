import { z } from 'zod'
import { addSeconds } from '../../../../contract/values/instant.ts'
import { NotFound } from '../../../domain/errors.ts'
import { unusedGrants } from '../../../trials/unused-grants.ts'
import { route } from '../../requests/route.ts'

/** The journals of so many runs are opened for one answer. */
const MOST_RUNS = 500
const DAY_SECONDS = 86_400

export const listUnusedGrants = route({
  method: 'get',
  path: '/api/v1/missions/{name}/unused-grants',
  summary: 'What the active version is granted and no run of the last days used: objects, fields and proposals',
  needs: ['Administer_Missions', 'Audit_Missions'],
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(730).default(90) }),
  answers: z.object({
    name: z.string(),
    version: z.number(),
    since: z.string(),
    runs: z.number().describe('Runs that were looked through: the newest, at most 500'),
    isCut: z.boolean().describe('Whether the days have more runs than that'),
    objects: z.array(z.string()).describe('Objects of which no run read a record'),
    fields: z.array(z.string()).describe('Fields that were blank in every run'),
    proposals: z.array(z.string()).describe('What no run proposed'),
  }),
  async handle({ store, clock }, { param, query }) {
    const name = param('name')
    const mission = (await store.activeMissions()).find((each) => each.name === name) ?? (await store.mission(name))
    if (!mission) throw new NotFound('mission')
    const since = addSeconds(clock.now(), -query.days * DAY_SECONDS)
    const { definition, version } = mission
    return {
      name,
      version,
      since,
      ...(await unusedGrants(store, { mission: name, definition }, { since, atMost: MOST_RUNS })),
    }
  },
})
