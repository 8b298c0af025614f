import { canonical, sha256Of } from '../../contract/values/canonical.ts'
import type { Phase } from '../../contract/states.ts'
import { AlteredRun, JournalMismatch } from '../domain/errors.ts'
import type { JournalEntry } from '../ports/runs.ts'
import type { Store, Tx } from '../ports/store.ts'
import type { NewObservation, Run } from '../domain/run.ts'

/** A person paused or cancelled the run: leave it as it is. */
export class RunStopped extends Error {}

/** The lease of one run: a write under another fence is refused. */
export interface RunLease {
  readonly runId: string
  readonly fence: number
  /** Throws LeaseLost when it was not renewed for as long as it lasts, by this process's own timer. */
  assertHeld(): void
  /** Makes it last its whole time from now on. Throws LeaseLost when it has ended. */
  renew(): Promise<void>
}

interface Question<T> {
  phase: Phase
  key: string
  request: unknown
  answer: () => Promise<T>
  say?: (answer: T) => readonly NewObservation[]
  /** What the answer used of the mission's limits. */
  used?: (answer: T) => { apiCalls?: number; tokens?: number; costMicros?: number; currency?: string }
}

/** Everything a run learnt from outside, under names. */
export interface Journal {
  /** Number of entries so far. */
  length(): number
  /**
   * The answer under `(phase, key)`: from the journal, or asked now and journalled together with what it says. Throws
   * JournalMismatch when the name was asked with another request, RunStopped when a person stopped the run meanwhile.
   */
  ask<T>(question: Question<T>): Promise<T>
  /** When the run's lease ends. Throws LeaseLost when it has, RunStopped when a person stopped the run, AlteredRun. */
  heldUntil(): Promise<string>
  /** The stored result of a phase. Throws TypeError when the phase has none yet. */
  result(phase: Phase): unknown
  /** Appends a phase's result inside the transaction that moves the run on; call `keep` once that is committed. */
  appendResult(tx: Tx, phase: Phase, result: unknown): Promise<{ keep(): void }>
}

/** Under which a phase's result is kept. */
export const RESULT = 'result'
const nameOf = (phase: Phase, key: string) => `${phase}/${key}`
/** The value as it will be read back, so that a first run and its replay compute with the same. */
export const asKept = (value: unknown): unknown => JSON.parse(canonical(value ?? null))

/** Locks the run for this transaction. Throws LeaseLost, AlteredRun, or RunStopped when a person paused or cancelled it. */
export async function lockOpenRun(tx: Tx, held: RunLease): Promise<Run> {
  const run = await lockToHold(tx, held)
  assertUnaltered(run)
  return run
}

/** The same for a run that goes no further: also one that was altered is held. Throws LeaseLost or RunStopped. */
export async function lockToHold(tx: Tx, held: RunLease): Promise<Run> {
  const run = await tx.lockUnderLease(held.runId, held.fence)
  if (isStopped(run)) throw new RunStopped()
  return run
}

function assertUnaltered({ id, isAltered }: Run): void {
  if (isAltered) throw new AlteredRun(id)
}

export const isStopped = ({ status }: Run) => !['running', 'waiting', 'held'].includes(status)

/** What a phase's result is the answer to: the same result is promised of the same engine only. */
export const requestOfResult = (phase: Phase, engine: string) => sha256Of([phase, engine])

export async function openJournal(store: Store, held: RunLease, engine: string): Promise<Journal> {
  const { runId, fence } = held
  const entries = new Map<string, Pick<JournalEntry, 'requestHash' | 'answer'>>()
  for (const entry of await store.journal(runId)) entries.set(nameOf(entry.phase, entry.key), entry)

  /** The entry is kept even when a person stopped the run meanwhile: what happened outside has happened. */
  const record = (question: Question<unknown>, requestHash: string, answer: unknown) =>
    store.transaction(async (tx) => {
      const { phase, key, say, used } = question
      const run = await tx.lockUnderLease(runId, fence)
      await tx.appendJournal({ runId, n: entries.size + 1, phase, key, requestHash, answer })
      await tx.observe(runId, phase, key, say?.(answer) ?? [])
      const { apiCalls = 0, tokens = 0, costMicros = 0, currency = run.currency } = used?.(answer) ?? {}
      const running = isStopped(run) || run.status === 'running' ? {} : { status: 'running' as const }
      const cost = { costMicros: run.costMicros + costMicros, currency }
      const spent = { apiCalls: run.apiCalls + apiCalls, tokens: run.tokens + tokens, ...cost }
      if (apiCalls > 0 || tokens > 0 || 'status' in running) await tx.updateRun(runId, { ...spent, ...running })
      return run
    })

  return {
    length: () => entries.size,

    async ask<T>(question: Question<T>): Promise<T> {
      const name = nameOf(question.phase, question.key)
      const requestHash = sha256Of(asKept(question.request))
      const known = entries.get(name)
      if (known && known.requestHash !== requestHash) throw new JournalMismatch(name)
      if (known) return known.answer as T
      held.assertHeld()
      const answer = asKept(await question.answer())
      const run = await record(question as Question<unknown>, requestHash, answer)
      entries.set(name, { requestHash, answer })
      if (isStopped(run)) throw new RunStopped()
      assertUnaltered(run)
      return answer as T
    },

    async heldUntil() {
      const run = await store.run(runId)
      if (!run || isStopped(run)) throw new RunStopped()
      assertUnaltered(run)
      // A write gets the whole time of a lease, however long the phase has worked and whatever became of its renewals.
      await held.renew()
      return store.leaseEnds(runId, fence)
    },

    result(phase) {
      const entry = entries.get(nameOf(phase, RESULT))
      if (!entry) throw new TypeError(`phase ${phase} has no result yet`)
      return entry.answer
    },

    async appendResult(tx, phase, result) {
      const answer = asKept(result)
      const requestHash = requestOfResult(phase, engine)
      await tx.appendJournal({ runId, n: entries.size + 1, phase, key: RESULT, requestHash, answer })
      return { keep: () => void entries.set(nameOf(phase, RESULT), { requestHash, answer }) }
    },
  }
}
