// Erasing what the brain holds about a record, of one run, or of everything that ended long ago.
import { hasEnded, wrote } from '../../contract/states.ts'
import { endedBy } from '../../contract/operations/operation.ts'
import type { ErasedMark, Erasure } from '../domain/erasure.ts'
import { Conflict, NotFound } from '../domain/errors.ts'
import type { Clock, Ids } from '../ports/clock.ts'
import type { Reads, Store, Tx } from '../ports/store.ts'
import type { Run } from '../domain/run.ts'
import { closeDecision } from '../runs/hold.ts'

export interface EraseDeps {
  store: Store
  clock: Clock
  ids: Ids
}

/** Who erases, and why. */
export type Asked = Pick<ErasedMark, 'by'> & { reason: string }

/** Runs erased in one transaction when there may be any number of them. */
const BATCH = 100

/**
 * Destroys the contents of every run that is about a record, rests on it, or is about a record that was merged into it. Throws
 * NotFound when there is none, and Conflict, erasing nothing, while one of them is at work.
 */
export async function eraseRecord(deps: EraseDeps, recordId: string, asked: Asked): Promise<Erasure> {
  const runs = await runsAbout(deps.store, recordId)
  if (runs.length === 0) throw new NotFound('run that still holds something about this record')
  return eraseTogether(deps, runs, recordId, asked)
}

/** Destroys the contents of one run. Throws NotFound or Conflict. */
export async function eraseRun(deps: EraseDeps, runId: string, asked: Asked): Promise<Erasure> {
  if (!(await deps.store.run(runId))) throw new NotFound('run')
  return eraseTogether(deps, [runId], null, asked)
}

/**
 * Destroys the contents of all runs that ended before a time, batch by batch, each an erasure of its own; returns their number.
 * One that is being undone is left for the next time.
 */
export async function eraseEndedBefore(deps: EraseDeps, time: string, asked: Asked): Promise<number> {
  for (let count = 0; ;) {
    const runs = await deps.store.endedBefore(time, BATCH)
    const erasure = runs.length > 0 ? await erase(deps, runs, null, { ...asked, leavesBusy: true }) : null
    // Nothing erased of what was found: it is being undone, or another process is at the same.
    if (!erasure) return count
    count += erasure.runs.length
  }
}

/** Ids of the runs that hold something about a record, erased ones left out. */
export async function runsAbout(store: Store, recordId: string): Promise<string[]> {
  const found = new Set<string>()
  const asked = new Set<string>()
  const toAsk = [recordId]
  for (let record = toAsk.pop(); record !== undefined; record = toAsk.pop()) {
    asked.add(record)
    for (const runId of await runsMentioning(store, record)) {
      found.add(runId)
      const merged = await mergedAwayInto(store, runId, record)
      toAsk.push(...merged.filter((id) => !asked.has(id) && !toAsk.includes(id)))
    }
  }
  return [...found].sort()
}

async function runsMentioning(store: Store, recordId: string): Promise<string[]> {
  const found: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<Store['runsMentioning']>> = await store.runsMentioning(recordId, after)
    found.push(...page.runIds)
    after = page.next
  } while (after !== null)
  return found
}

/** Records that this run merged into another: what was theirs is that one's now. */
async function mergedAwayInto(reads: Reads, runId: string, survivor: string): Promise<string[]> {
  const run = await reads.run(runId)
  const decision = run?.decisionId && wrote(run.verdict) ? await reads.decision(run.decisionId) : null
  const changeSet = decision && (await reads.changeSet(decision.id, decision.version))
  const operations = changeSet?.proposal.operations ?? []
  return operations.flatMap(endedBy).flatMap(({ record, mergedInto }) => (mergedInto === survivor ? [record.id] : []))
}

async function eraseTogether(deps: EraseDeps, runs: string[], record: string | null, asked: Asked): Promise<Erasure> {
  const erasure = await erase(deps, runs, record, asked)
  if (!erasure) throw new Conflict('already-erased', 'the contents were erased already')
  return erasure
}

/** Null when there was nothing left to erase. Throws Conflict, erasing nothing, while one of the runs is at work, unless those are to be left. */
async function erase(
  { store, clock, ids }: EraseDeps,
  runIds: readonly string[],
  record: string | null,
  { by, reason, leavesBusy = false }: Asked & { leavesBusy?: boolean },
): Promise<Erasure | null> {
  return store.transaction(async (tx) => {
    const found = (await lockInOrder(tx, runIds)).filter(isLeft)
    const busy: Run[] = []
    for (const run of found) if (isAtWork(run) || (await isBeingUndone(tx, run, runIds))) busy.push(run)
    if (busy.length > 0 && !leavesBusy) throw new Conflict('run-active', sayBusy(busy))
    const runs = found.filter((run) => !busy.includes(run))
    if (runs.length === 0) return null
    for (const run of runs) await close(tx, run)
    const erasure = { id: ids.next(), at: clock.now(), by, reason, record, runs: runs.map(({ id }) => id) }
    await tx.erase(erasure)
    return erasure
  })
}

/** A run whose key was lost some other way is erased as well, so that it is on the list. */
function isLeft({ erased, status }: Run): boolean {
  return erased === null || (erased.by.kind === 'unrecorded' && hasEnded(status))
}

/** Always in the same order, so that two erasures never wait for each other. */
async function lockInOrder(tx: Tx, runIds: readonly string[]): Promise<Run[]> {
  const locked: Run[] = []
  for (const id of [...runIds].sort()) {
    const run = await tx.lockRun(id)
    if (run) locked.push(run)
  }
  return locked
}

/** Erased in the middle it could neither finish nor be told about. Whoever waits for a person has nothing under way. */
function isAtWork({ status, phase }: Run): boolean {
  return status === 'running' || (phase === 'commit' && ['held', 'paused'].includes(status))
}

/** Its undo reads what it wrote, and tells it how that went; an undo that is erased together with it ends. */
async function isBeingUndone(tx: Tx, { undo }: Run, erasing: readonly string[]): Promise<boolean> {
  if (!undo || erasing.includes(undo.runId)) return false
  const run = await tx.run(undo.runId)
  return run !== null && !hasEnded(run.status)
}

function sayBusy(busy: readonly Run[]): string {
  const [first] = busy
  const more = busy.length > 1 ? ` and ${busy.length - 1} more` : ''
  return `run ${first?.id}${more} is at work or being undone: wait until that is done or cancel it, then erase. Nothing was erased`
}

/** A run that waits will not go on, and its decision is no longer to be answered. One that ended keeps the answer it got. */
async function close(tx: Tx, run: Run): Promise<void> {
  if (run.erased) return
  if (hasEnded(run.status)) return closeUnanswered(tx, run)
  await closeDecision(tx, run)
  await tx.updateRun(run.id, { status: 'cancelled', reason: null, nextTryAt: null })
}

async function closeUnanswered(tx: Tx, { decisionId }: Run): Promise<void> {
  const decision = decisionId && (await tx.lockDecision(decisionId))
  if (decision && decision.status === 'open') await tx.updateDecision(decision.id, { status: 'superseded' })
}
