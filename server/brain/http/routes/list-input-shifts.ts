import { z } from 'zod'
import { readShifts, shiftText } from '../../oversight/read-shifts.ts'
import { route } from '../requests/route.ts'

const Shift = z.object({
  mission: z.string(),
  dimension: z.string(),
  /** Population stability index of the last week against the four weeks before it. */
  index: z.number(),
  verdict: z.enum(['usual', 'few', 'expected', 'unexplained']),
  text: z.string(),
  runs: z.object({ week: z.number(), before: z.number() }),
})

export const listInputShifts = route({
  method: 'get',
  path: '/api/v1/oversight/inputs',
  summary: 'How what comes to each mission has shifted in the last week, and which activation or release explains it',
  needs: ['Administer_Missions', 'Audit_Missions'],
  answers: z.object({ items: z.array(Shift) }),
  async handle({ store, clock }) {
    const shifts = await readShifts(store, clock.now())
    return { items: shifts.map((shift) => ({ ...shift, text: shiftText(shift) })) }
  },
})
