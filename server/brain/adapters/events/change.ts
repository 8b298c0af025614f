import { z } from 'zod'
import type { OrgChange } from '../../ports/org-changes.ts'

const count = z.union([z.number(), z.bigint(), z.string()])
const ChangeEvent = z.object({
  replayId: count,
  payload: z.object({
    ChangeEventHeader: z.object({
      entityName: z.string(),
      changeType: z.string(),
      changeOrigin: z.string().nullish(),
      recordIds: z.array(z.string()).default([]),
      commitTimestamp: count.nullish(),
      changedFields: z.array(z.string()).nullish(),
    }),
    LastModifiedDate: count.nullish(),
  }),
})

const FIELD = /^[A-Za-z]\w*(\.[A-Za-z]\w*)?$/
const RECORD_ID = /^[A-Za-z0-9]{18}$/

/** Maps a decoded change event (docs/salesforce-facts.md#change-events) to an OrgChange; null for another kind of event. */
export function changeOf(topic: string, event: unknown, now: string): OrgChange | null {
  const parsed = ChangeEvent.safeParse(event)
  if (!parsed.success) return null
  const { replayId, payload } = parsed.data
  const header = payload.ChangeEventHeader
  const recordIds = header.recordIds.filter((id) => RECORD_ID.test(id))
  const at = timeOf(header.commitTimestamp) ?? now
  return {
    topic,
    replayId: String(replayId),
    object: header.entityName,
    changeType: header.changeType,
    changedFields: header.changeType === 'UPDATE' ? namesIn(header.changedFields) : null,
    recordIds,
    isComplete: header.changeType !== 'GAP_OVERFLOW' && recordIds.length === header.recordIds.length,
    client: /(?:^|;)client=([^;/]*)/.exec(header.changeOrigin ?? '')?.[1] ?? null,
    at,
    modifiedAt: timeOf(payload.LastModifiedDate),
  }
}

/** Null when there are none, or bitmaps that the client did not resolve: every update changes at least `LastModifiedDate`. */
function namesIn(changed: readonly string[] | null | undefined): string[] | null {
  const isTold = changed && changed.length > 0 && changed.every((name) => FIELD.test(name))
  return isTold ? [...changed] : null
}

/** Milliseconds since 1970 as a UTC time; null for none. */
const timeOf = (millis: number | bigint | string | null | undefined): string | null =>
  millis == null ? null : new Date(Number(millis)).toISOString()
