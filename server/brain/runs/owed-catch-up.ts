// The catch-up that a gap in an object's events leaves to do: a row, so that a process that ends in the middle leaves it to the next.
import { z } from 'zod'
import { addSeconds, wholeSecond } from '../../contract/values/instant.ts'
import type { SettingReads } from '../ports/settings.ts'
import type { Tx } from '../ports/store.ts'
import { watchedSinceKey, watermarkKey } from './stream-position.ts'
import { missionsWatching } from './trigger-match.ts'

/** Tolerance in seconds between a record's time stamp and the time of its event, which is the commit's. */
export const OVERLAP_SECONDS = 60

const Owed = z.object({
  /** Where the gap began. */
  from: z.string(),
  /** How far it was read: a time stamp, and the last id of that second. */
  since: z.string(),
  after: z.string().nullable(),
  /** Gaps that came while it was owed: it ends only when none came since its last page was asked for. */
  gaps: z.number(),
})
export type Owed = z.infer<typeof Owed>

const owedKey = (object: string) => `catch-up:${object}`

/** The catch-up that is owed for an object; null for none. */
export async function owedCatchUp(reads: SettingReads, object: string): Promise<Owed | null> {
  const kept = await reads.setting(owedKey(object))
  return kept ? Owed.parse(JSON.parse(kept)) : null
}

/** Notes that events of an object were missed since the last one processed, or since before that when so much is owed already. */
export async function oweCatchUp(tx: Tx, object: string): Promise<void> {
  await tx.lockExclusively(owedKey(object))
  const from = await startOfGap(tx, object)
  if (from === null) return
  const owed = await owedCatchUp(tx, object)
  const next =
    owed && owed.since <= from ? owed : { from: owed && owed.from < from ? owed.from : from, since: from, after: null }
  await keep(tx, object, { ...next, gaps: (owed?.gaps ?? 0) + 1 })
}

/**
 * Notes how far it was read, or with null that it is done. What another process read further stays, and what came after `read`
 * was taken from the database is still owed.
 */
export async function advanceOwed(
  tx: Tx,
  object: string,
  read: Owed,
  to: Pick<Owed, 'since' | 'after'> | null,
): Promise<void> {
  await tx.lockExclusively(owedKey(object))
  const owed = await owedCatchUp(tx, object)
  if (!owed || owed.gaps !== read.gaps) return
  if (to === null) return tx.setSetting(owedKey(object), '')
  const isFurther = to.since > owed.since || (to.since === owed.since && (to.after ?? '') > (owed.after ?? ''))
  if (isFurther) await keep(tx, object, { ...owed, ...to })
}

const keep = (tx: Tx, object: string, owed: Owed) => tx.setSetting(owedKey(object), JSON.stringify(owed))

/** Null when the object was never watched. */
async function startOfGap(tx: Tx, object: string): Promise<string | null> {
  const watchedSince = await tx.setting(watchedSinceKey(object))
  if (watchedSince === null) return null
  const activations = missionsWatching(object, await tx.activeMissions()).flatMap(
    ({ activatedAt }) => activatedAt ?? [],
  )
  // With several processes a mission may be activated before the listening one is ready.
  const since = [watchedSince, ...activations].reduce((first, time) => (time < first ? time : first))
  const watermark = (await tx.setting(watermarkKey(object))) ?? since
  const overlapped = addSeconds(watermark, -OVERLAP_SECONDS)
  return wholeSecond(overlapped > since ? overlapped : since)
}
