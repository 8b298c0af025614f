import { z } from 'zod'
import { route } from '../requests/route.ts'

const MOST = 200

export const listSetAside = route({
  method: 'get',
  path: '/api/v1/oversight/set-aside',
  summary:
    'Changes in the org and requests that start nothing, because they could not be taken, and why; the newest 200',
  needs: ['Administer_Missions', 'Audit_Missions'],
  answers: z.object({
    items: z.array(
      z.object({
        /** Topic, schedule or poll. */
        source: z.string(),
        object: z.string(),
        change: z.string(),
        recordIds: z.array(z.string()),
        at: z.string(),
        /** Null: it failed again and again; the log says how. */
        reason: z.string().nullable(),
      }),
    ),
  }),
  async handle({ store }) {
    const items = await store.setAsides(MOST)
    return {
      items: items.map(({ position: _position, recordIds, ...rest }) => ({ ...rest, recordIds: [...recordIds] })),
    }
  },
})
