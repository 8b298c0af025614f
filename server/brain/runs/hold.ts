import { z } from 'zod'
import type { ToolError } from '../../contract/tool-error.ts'
import { addSeconds, secondsBetween } from '../../contract/values/instant.ts'
import {
  AllStopped,
  AlteredMission,
  AlteredRun,
  BegunTooOften,
  BrainError,
  EarlierForm,
  JournalMismatch,
  ModelNotRecorded,
  ModelUnavailable,
  OverLimit,
  PriceUnknown,
  QuestionOpen,
  SalesforceError,
  StartsStopped,
  TooManyOpen,
} from '../domain/errors.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { Clock, Ids } from '../ports/clock.ts'
import type { Store, Tx } from '../ports/store.ts'
import type { HeldFor, Run } from '../domain/run.ts'
import { fit } from '../domain/say.ts'
import { writtenBy } from './written.ts'
import { lockOpenRun, lockToHold, type RunLease } from './journal.ts'
import { SAID_TRIES, secondsToNextTry } from './bounds/pace.ts'
import { startAgain } from './start-run.ts'
import { STARTS_STOPPED } from './switch/unusual-volume.ts'

const HELD = 'hold:'
const FAILED = 'failed'
/** Before the id of a receipt that no approval accounts for. */
export const STRAY = 'stray:'
/** The subject was deleted in the org. */
export const DELETED = 'deleted'

/** Observations about how the world was, not about what the run thought. */
export const isSaidOfTheWorld = (key: string) =>
  key === FAILED || key === DELETED || key.startsWith(HELD) || key.startsWith(STRAY)

const REASONS: Record<string, string> = {
  unavailable: 'Salesforce cannot be reached',
  limit: 'The org’s API limit is reached',
  locked: 'Somebody else is changing one of the records',
  'expired-session': 'Salesforce ended the session',
  stopped: 'Writes are stopped by an administrator',
  contained: 'Writes of this mission are stopped until an administrator starts them',
  'too-many': 'More is asked of salesforce-mcp than it allows in a minute',
  'too-early': 'It is not the time to write yet',
  'too-late': 'The write did not begin in time and was not sent',
}

/** Codes of trouble that all runs have at once. */
const HELD_FOR: Partial<Record<ToolError['code'], HeldFor>> = {
  unavailable: 'salesforce',
  'expired-session': 'salesforce',
  limit: 'salesforce-limit',
  stopped: 'switch',
  'too-many': 'salesforce-mcp',
}

const MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError, z.core.$ZodError]

/** An error of the program or of what it was given: trying again repeats it. */
const isMistake = (error: unknown): boolean => MISTAKES.some((kind) => error instanceof kind)

interface Hold {
  reason: Phrase
  /** Whether the run tries again by itself. */
  retry: boolean
  /** Null: trouble of this run alone. */
  heldFor: HeldFor | null
  /** When the next try is, where that is known. */
  until?: string
  /** Set when the reason says what to do. */
  isAdvice?: true
}

/** Why a run holds. Null: not for holding. */
export function reasonToHold(error: unknown): Hold | null {
  if (error instanceof JournalMismatch) {
    return { reason: [`The journal holds another request under ${error.key}`], retry: false, heldFor: null }
  }
  if (error instanceof AlteredMission)
    return { reason: [`Not what was activated: ${error.message}`], retry: false, heldFor: null }
  if (error instanceof AlteredRun)
    return {
      reason: ['This run was changed in the database: see npm run audit, then cancel it'],
      retry: false,
      isAdvice: true,
      heldFor: null,
    }
  if (error instanceof EarlierForm)
    return {
      reason: [`${error.message}: activate its newest version, or cancel the run`],
      retry: false,
      isAdvice: true,
      heldFor: null,
    }
  if (error instanceof AllStopped)
    return { reason: ['All work is stopped by an administrator'], retry: true, heldFor: 'switch' }
  if (error instanceof StartsStopped) return { reason: STARTS_STOPPED, retry: false, isAdvice: true, heldFor: null }
  if (error instanceof TooManyOpen)
    return {
      reason: [`The mission’s limit of ${error.most} open decisions is reached`],
      retry: true,
      heldFor: 'open-decisions',
    }
  if (error instanceof QuestionOpen)
    return { reason: ['The same records are asked about already'], retry: true, heldFor: null }
  if (error instanceof ModelNotRecorded)
    return {
      reason: ['The language model in use has no record; it is recorded at a start'],
      retry: true,
      heldFor: 'model',
    }
  if (error instanceof PriceUnknown)
    return {
      reason: ['The mission limits the cost of models, and no price is set (LLM_PRICE_INPUT)'],
      retry: true,
      heldFor: 'model',
    }
  if (error instanceof ModelUnavailable)
    return { reason: ['The language model cannot be reached'], retry: true, heldFor: 'model' }
  if (error instanceof BrainError && !(error instanceof SalesforceError)) return null
  if (isMistake(error)) return null
  // Anything else comes from below, e.g. a database that went away: it passes.
  if (!(error instanceof SalesforceError))
    return { reason: ['An error inside the brain'], retry: true, heldFor: 'brain' }
  const { code, message, retryable, waiting, until } = error.error
  if (code === 'inactive')
    return {
      reason: [`Not active (${message}): activate the mission or cancel the run`],
      retry: false,
      heldFor: null,
      isAdvice: true,
    }
  if (!retryable && code !== 'stopped') return null
  const why = REASONS[code] ?? `Salesforce answered ${code} to ${error.tool}`
  const reason = waiting ? [`${why}; ${stands(waiting)}`] : [why]
  return { reason, retry: true, heldFor: HELD_FOR[code] ?? null, ...(until !== undefined && { until }) }
}

/** True when the error shows that what held the run holds none any more: Salesforce refuses, so it can be reached. */
export const hasPassed = (cause: HeldFor, error: unknown): boolean =>
  error instanceof SalesforceError && reasonToHold(error)?.heldFor !== cause

/** What a commit left: everything before the step that waits. */
function stands({ step, of }: { step: number; of: number }): string {
  const before = step === 2 ? 'step 1 stands' : `steps 1–${step - 1} stand`
  return `${before}, step ${step} of ${of} waits`
}

/** What was written whole and cannot be read back now waits for its verdict: a person may give the reader its access again. */
export async function reasonToAwaitReading(
  store: Pick<Store, 'journal'>,
  runId: string,
  error: unknown,
): Promise<Hold | null> {
  if (!(error instanceof SalesforceError) || error.tool !== 'readBack') return null
  if (writtenBy(await store.journal(runId)) !== 'all') return null
  const { code, orgCode } = error.error
  return {
    reason: [`Everything was written; Salesforce refuses to show it: ${orgCode ?? code}`],
    retry: true,
    heldFor: null,
  }
}

interface HoldDeps {
  store: Store
  clock: Clock
}

/** Stops the run where it is until the world is better, says why, and wakes it at the next try. */
export async function holdRun(deps: HoldDeps, held: RunLease, why: Hold): Promise<void> {
  const { reason, retry, heldFor, isAdvice, until } = why
  const { runId } = held
  await deps.store.transaction(async (tx) => {
    const run = await lockToHold(tx, held)
    const alike = heldFor === null ? 1 : (await tx.heldRuns(heldFor)) + 1
    const now = deps.clock.now()
    const own = secondsToNextTry(runId, run.tries, alike)
    const seconds = until === undefined ? own : Math.max(own, Math.ceil(secondsBetween(now, until)))
    const nextTryAt = retry ? addSeconds(now, seconds) : null
    const tries = run.tries + 1
    if (run.status === 'waiting') await tx.updateRun(runId, { status: 'running' })
    await tx.updateRun(runId, { status: 'held', reason, nextTryAt, tries, heldFor })
    // A long outage is told in its first tries, then only shown by the run itself.
    if (tries <= SAID_TRIES) {
      const text = [...reason, retry ? `; next try in ${seconds} s` : isAdvice ? '' : '; a person has to look at it']
      await tx.observe(runId, run.phase, `${HELD}${nextTryAt ?? run.updatedAt}`, [{ kind: 'waited', text }])
    }
    if (retry) await tx.addOutbox({ kind: 'advance-run', about: runId, dueInSeconds: seconds })
  })
}

function reasonToFail(error: unknown): Phrase {
  if (error instanceof SalesforceError) {
    const { code, orgCode } = error.error
    if (isRefusedUnsent(error)) return [`The write was refused: ${error.error.message}`]
    return [`Salesforce refused ${error.tool}: ${[code, orgCode].filter(Boolean).join(', ')}`]
  }
  if (error instanceof OverLimit) return [`The mission’s limit of ${error.limit} is reached`]
  if (error instanceof BegunTooOften) return [`The program stopped ${error.times} times at this step of the run`]
  if (error instanceof BrainError) return [`The run could not go on: ${error.code}`]
  return ['The run could not go on: an error in the program']
}

/** salesforce-mcp refuses a commit only while nothing of it stands, e.g. once the decision has expired. */
const isRefusedUnsent = (error: unknown): boolean =>
  error instanceof SalesforceError && error.tool === 'commitChangeSet' && !error.error.retryable

/**
 * Ends the run after an error that waiting does not mend. While no commit
 * was answered with something that stands, nothing has changed in the org; afterwards that is not known.
 * A trigger that came meanwhile is looked at all the same.
 */
export async function failRun(deps: HoldDeps & { ids: Ids }, held: RunLease, error: unknown): Promise<void> {
  const reason = reasonToFail(error)
  await deps.store.transaction(async (tx) => {
    const run = await lockOpenRun(tx, held)
    const isUnsent = error instanceof SalesforceError && writtenBy(await tx.journal(run.id)) === 'nothing'
    const isKnown = run.phase !== 'commit' || isUnsent
    const verdict = isKnown ? 'failed' : 'unknown'
    await closeDecision(tx, run)
    if (run.status === 'waiting') await tx.updateRun(run.id, { status: 'running' })
    const failed = await tx.updateRun(run.id, { status: 'failed', verdict, reason, nextTryAt: null })
    const standing = isKnown ? 'nothing was changed' : 'it is not known what was written'
    const text = fit([...reason, `; ${standing}`])
    await tx.observe(run.id, run.phase, FAILED, [{ kind: 'failed', text }])
    if (failed.retrigger) await startAgain(deps, tx, failed)
  })
}

/** A run that ends without its decision leaves none to answer. */
export async function closeDecision(tx: Tx, run: Run): Promise<void> {
  if (!run.decisionId) return
  const decision = await tx.lockDecision(run.decisionId)
  if (decision && ['open', 'approved'].includes(decision.status)) {
    await tx.updateDecision(decision.id, { status: 'superseded', commitsAt: null })
  }
  await tx.addOutbox({ kind: 'decision-ended', about: run.decisionId, dueInSeconds: 0 })
}
