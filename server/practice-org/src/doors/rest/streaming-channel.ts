import { z } from 'zod'
import { normalizeId } from '../../schema/ids.ts'
import { refusal } from '../../wire/http/errors.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'

const Push = z.object({
  pushEvents: z
    .array(z.object({ payload: z.string().max(3000), userIds: z.array(z.string()).default([]) }))
    .min(1)
    .max(100),
})

/** `GET /sobjects/StreamingChannel/{id}/push`: who listens to a generic channel. */
export function listenersOfChannel(_request: RestRequest, context: RestContext, id: string): RestResponse {
  const name = nameOf(context, id)
  return ok({ OnlineUserIds: context.topics.presence.online(name), ChannelName: name })
}

/**
 * `POST /sobjects/StreamingChannel/{id}/push`: notifies everyone who listens to a generic channel, or the users named.
 * Told is to how many it went: -1 for everyone, 0 when nobody listens.
 */
export function pushToChannel(request: RestRequest, context: RestContext, id: string): RestResponse {
  const { org, caller } = context
  const name = nameOf(context, id)
  const parsed = Push.safeParse(request.body)
  if (!parsed.success) throw refusal.badJson('pushEvents must be a list of payloads at [line:1, column:1]')
  const online = new Set(context.topics.presence.online(name))
  const pushes = parsed.data.pushEvents.map(({ payload, userIds }) => ({
    payload,
    userIds: userIds.map((userId) => normalizeId(userId) ?? userId),
  }))
  const drafts = pushes.map(({ payload, userIds }) => ({
    topic: name,
    entityName: 'StreamingChannel',
    fields: { payload, userIds: userIds.length > 0 ? userIds.join(',') : null },
  }))
  org.emit(caller, drafts)
  return ok(
    pushes.map(({ userIds }) => ({
      fanoutCount:
        userIds.length > 0 ? userIds.filter((userId) => online.has(userId)).length : -Math.min(1, online.size),
      userOnlineStatus: Object.fromEntries(userIds.map((userId) => [userId, online.has(userId)])),
    })),
  )
}

function nameOf({ org, caller }: RestContext, id: string): string {
  return String(org.retrieve(caller, 'StreamingChannel', id, ['Name'])['Name'])
}
