// A record that is deleted in Salesforce takes what the brain holds about it along, some days later.
import type { ToolOutput } from '../../contract/tools.ts'
import { addSeconds } from '../../contract/values/instant.ts'
import type { RecordKey } from '../../contract/values/ids.ts'
import { Conflict, NotFound } from '../domain/errors.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import { openReadingGrant } from '../runs/reading-grant.ts'
import { eraseRecord, type EraseDeps } from './erase-runs.ts'

export interface EraseDeletedDeps extends EraseDeps {
  salesforce: Salesforce
  /** Receives records that Salesforce does not return and whose deletion nothing shows: gone for good, or hidden from the reader. */
  onMissing(records: readonly RecordKey[]): void
}

const DAY_SECONDS = 86_400
/** Records asked for in one call. */
const PAGE = 200

/**
 * Erases the contents about records that were deleted in Salesforce more than `days` days ago and not brought back; returns their
 * number. A record that a merge took is not deleted in this sense. Records whose runs are active are left for the next time.
 */
export async function eraseDeleted(deps: EraseDeletedDeps, days: number): Promise<number> {
  const until = addSeconds(deps.clock.now(), -days * DAY_SECONDS)
  let count = 0
  for (let after = ''; ;) {
    const page = await deps.store.heldRecords(after, PAGE)
    for (const [object, ids] of byObject(page)) {
      const deletions = await deletionsNow(deps, object, ids)
      for (const [id, at] of deletions) if (at <= until && (await erase(deps, id, at))) count += 1
    }
    const last = page.at(-1)
    if (page.length < PAGE || !last) break
    after = last.id
  }
  if (count > 0) await deps.store.clearDeadRows()
  return count
}

function byObject(records: readonly RecordKey[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { object, id } of records) found.set(object, [...(found.get(object) ?? []), id])
  return found
}

/** Deleted records with their times, as Salesforce has it now; what was noted before is corrected by it. */
async function deletionsNow(
  deps: EraseDeletedDeps,
  object: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { store } = deps
  const answer = await ask(deps, object, ids)
  if (!answer) return new Map()
  const noted = await store.deletionsOf(ids)
  const deleted = answer.deleted.filter(({ mergedInto }) => mergedInto === null)
  const gone = answer.missing.flatMap((id): [string, string][] => {
    const at = noted.get(id)
    return at === undefined ? [] : [[id, at]]
  })
  const now = new Map([...gone, ...deleted.map(({ id, at }): [string, string] => [id, at])])
  await store.transaction(async (tx) => {
    await tx.forgetDeletions(ids.filter((id) => noted.has(id) && !now.has(id)))
    for (const { id, at } of deleted) await tx.noteDeletion(id, at)
  })
  const missing = answer.missing.filter((id) => !noted.has(id))
  if (missing.length > 0) deps.onMissing(missing.map((id) => ({ object, id })))
  return now
}

/** Null when no active mission reads the object. */
async function ask(
  { store, salesforce }: EraseDeletedDeps,
  object: string,
  ids: readonly string[],
): Promise<ToolOutput<'findDeleted'> | null> {
  const grant = await openReadingGrant(salesforce, await store.activeMissions(), object)
  if (grant === null) return null
  return salesforce.call('findDeleted', { grant, object, ids: [...ids] }, { runId: null })
}

/** False when nothing was erased: an earlier erasure reached it, or a run is active. */
async function erase(deps: EraseDeletedDeps, id: string, at: string): Promise<boolean> {
  const by = { kind: 'deletion' as const, name: id }
  try {
    await eraseRecord(deps, id, { by, reason: `The record was deleted in Salesforce on ${at.slice(0, 10)}` })
  } catch (error) {
    if (error instanceof NotFound || error instanceof Conflict) return false
    throw error
  }
  await deps.store.transaction((tx) => tx.forgetDeletions([id]))
  return true
}
