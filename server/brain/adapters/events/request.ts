import { z } from 'zod'
import type { OrgRequest } from '../../ports/org-changes.ts'

const count = z.union([z.number(), z.bigint(), z.string()])
const PlatformEvent = z.object({
  replayId: count,
  payload: z.looseObject({ CreatedDate: count.nullish(), CreatedById: z.string().nullish() }),
})

/** Maps a decoded platform event (docs/salesforce-facts.md#platform-events) to an OrgRequest; null for what is no event. */
export function requestOf(topic: string, event: unknown, now: string): OrgRequest | null {
  const parsed = PlatformEvent.safeParse(event)
  if (!parsed.success) return null
  const { replayId, payload } = parsed.data
  const { CreatedDate: created, CreatedById: publisher } = payload
  return {
    topic,
    replayId: String(replayId),
    event: topic.slice(topic.lastIndexOf('/') + 1),
    mission: textOf(payload['Mission__c']),
    recordId: textOf(payload['Record_Id__c']),
    key: textOf(payload['Request_Key__c']),
    publisher: publisher ?? null,
    at: created == null ? now : new Date(Number(created)).toISOString(),
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
