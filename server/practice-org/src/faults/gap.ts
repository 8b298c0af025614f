import { z } from 'zod'
import { NO_RECORD } from '../journal/change-events.ts'
import type { Caller, Org } from '../org/org.ts'
import { refusal } from '../wire/http/errors.ts'
import { topicOf } from '../topics/topics.ts'
import { NEWEST_VERSION } from '../org/api-versions.ts'

/** The events by which an org says that it lost some, as `POST /practice/gaps` takes them. */
export const GapOrder = z.strictObject({
  object: z.string(),
  changeType: z.enum(['GAP_CREATE', 'GAP_UPDATE', 'GAP_DELETE', 'GAP_UNDELETE', 'GAP_OVERFLOW']).default('GAP_UPDATE'),
  /** Without ids: any record of the object may have changed. */
  recordIds: z.array(z.string()).min(1).optional(),
})
export type GapOrder = z.infer<typeof GapOrder>

/** Publishes the gap on the object's topic; its replay id. Throws OrgError for an object without change events. */
export function emitGap(org: Org, order: GapOrder): number {
  const [admin] = org.users()
  const caller: Caller = { userId: admin?.id ?? '', api: 'ui', version: NEWEST_VERSION }
  const topic = topicOf(order.object)
  if (!org.eventFields(topic)) throw refusal.notFound(`${order.object} has no change events`)
  const prefix = String(org.describe(caller, order.object)['keyPrefix'])
  const overflow = order.changeType === 'GAP_OVERFLOW'
  const recordIds = overflow ? [NO_RECORD] : (order.recordIds ?? [`${prefix}*`])
  const draft = { topic, entityName: order.object, changeType: order.changeType, recordIds, fields: {} }
  return org.emit(caller, [draft])[0]?.replayId ?? 0
}
