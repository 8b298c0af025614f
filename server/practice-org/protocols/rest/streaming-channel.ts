import { z } from 'zod'
import { refusal } from '../http/errors.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

const Push = z.object({
  pushEvents: z
    .array(z.object({ payload: z.string().max(3000), userIds: z.array(z.string()).default([]) }))
    .min(1)
    .max(100),
})

/** `POST /sobjects/StreamingChannel/{id}/push`: notifies everyone who listens to a generic channel. */
export function pushToChannel(request: RestRequest, context: RestContext, id: string): RestResponse {
  const { org, caller } = context
  const name = String(org.retrieve(caller, 'StreamingChannel', id, ['Name'])['Name'])
  const parsed = Push.safeParse(request.body)
  if (!parsed.success) throw refusal.badJson('pushEvents must be a list of payloads at [line:1, column:1]')
  const drafts = parsed.data.pushEvents.map(({ payload }) => ({
    topic: name,
    entityName: 'StreamingChannel',
    fields: { payload },
  }))
  return ok(org.emit(caller, drafts).map(() => ({ fanoutCount: -1, userOnlineStatus: {} })))
}
