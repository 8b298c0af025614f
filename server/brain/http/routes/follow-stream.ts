import { z } from 'zod'
import { OwnId, RecordId, several } from '../requests/inputs.ts'
import { route } from '../requests/route.ts'
import { openStream } from '../stream/event-stream.ts'

export const followStream = route({
  method: 'get',
  path: '/api/v1/stream',
  summary: 'Events observation, run, decision, reset and renew, as they happen and as the caller may see them',
  headers: { 'Last-Event-ID': 'Position after which to go on' },
  query: z.strictObject({
    run: several(OwnId),
    record: several(RecordId),
    decisions: z.enum(['0', '1', 'true', 'false']).optional(),
  }),
  answers: z.string(),
  async handle(doors, { caller, query, header, response }) {
    const following = {
      runs: query.run,
      records: query.record,
      decisions: query.decisions === '1' || query.decisions === 'true',
    }
    await openStream(doors, caller, following, header('last-event-id') || null, response)
    return undefined
  },
})
