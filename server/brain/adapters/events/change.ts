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
    }),
    LastModifiedDate: count.nullish(),
  }),
})

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
    recordIds,
    isComplete: header.changeType !== 'GAP_OVERFLOW' && recordIds.length === header.recordIds.length,
    client: /(?:^|;)client=([^;/]*)/.exec(header.changeOrigin ?? '')?.[1] ?? null,
    at,
    modifiedAt: timeOf(payload.LastModifiedDate),
  }
}

/** Milliseconds since 1970 as a UTC time; null for none. */
const timeOf = (millis: number | bigint | string | null | undefined): string | null =>
  millis == null ? null : new Date(Number(millis)).toISOString()
