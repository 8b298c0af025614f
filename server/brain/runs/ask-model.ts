import { secondsBetween } from '../../contract/values/instant.ts'
import { sha256Of } from '../../contract/values/canonical.ts'
import { costOf } from '../../contract/values/money.ts'
import { AllStopped, ModelNotRecorded } from '../domain/errors.ts'
import type { ModelCall } from '../domain/model-call.ts'
import { promptHash, type ModelRelease } from '../domain/model-release.ts'
import type { Run } from '../domain/run.ts'
import { SWITCH } from '../domain/switch.ts'
import type { Clock } from '../ports/clock.ts'
import type { LanguageModel, ModelQuestion } from '../ports/model.ts'
import type { ModelReleaseReads, OversightWrites } from '../ports/oversight.ts'
import type { SettingReads } from '../ports/settings.ts'
import type { Transactions } from '../ports/store.ts'
import type { ModelReply } from './phase.ts'

/** A call under way ends within a second of a stop. */
const LOOK_EVERY_SECONDS = 0.25

/** Repeats the work until the returned function is called; an error of one time ends nothing. */
type Every = (seconds: number, work: () => Promise<void>) => () => void

export interface AskModelDeps {
  store: SettingReads & ModelReleaseReads & Transactions<Pick<OversightWrites, 'addModelCall'>>
  clock: Clock
  every: Every
  /** Receives each call, for the log. */
  onModelCall?(call: ModelCall): void
}

/** The one call: under which key of which run, and how many tokens it may answer with. */
interface Asked {
  run: Run
  key: string
  question: ModelQuestion
  mostTokens: number
}

/** Throws AllStopped while an administrator has stopped everything. */
export async function assertReadsOn(store: SettingReads): Promise<void> {
  if ((await store.setting(SWITCH.reads)) === 'stopped') throw new AllStopped()
}

const isModelStopped = async (store: SettingReads): Promise<boolean> =>
  (await store.setting(SWITCH.model)) === 'stopped'

/**
 * Asks the model, unless models are stopped; a call under way is broken off when they are stopped meanwhile. Each call leaves a
 * row. Throws AllStopped when that was a stop of everything, ModelNotRecorded when no release names the model, its endpoint and
 * these instructions, and what the model throws.
 */
export async function askModel(deps: AskModelDeps, model: LanguageModel, asked: Asked): Promise<ModelReply> {
  const { store, every, clock } = deps
  if (await isModelStopped(store)) return 'off'
  const { n: release } = await recordOf(store, model, asked.question)
  const stopped = new AbortController()
  const stopLooking = every(LOOK_EVERY_SECONDS, async () => {
    if (await isModelStopped(store)) stopped.abort()
  })
  const at = clock.now()
  const bounds = { mostTokens: asked.mostTokens, signal: stopped.signal }
  try {
    const { text, model: answered, tokens } = await model.answer(asked.question, bounds)
    const cost = { costMicros: model.price ? costOf(model.price, tokens) : 0, currency: model.price?.currency ?? null }
    const used = { inputTokens: tokens.input, outputTokens: tokens.output, ...cost }
    await keep(deps, asked, { at, release, asked: model.name, answered, outcome: 'answered', ...used })
    return { asked: model.name, answered, text, tokens }
  } catch (error) {
    const outcome = stopped.signal.aborted ? 'stopped' : 'failed'
    await keep(deps, asked, { ...NOTHING, at, release, asked: model.name, outcome })
    if (outcome === 'failed') throw error
    await assertReadsOn(store)
    return 'off'
  } finally {
    stopLooking()
  }
}

/** The latest release that names them. Throws ModelNotRecorded when there is none. */
async function recordOf(
  store: ModelReleaseReads,
  { name, endpoint }: LanguageModel,
  { instructions }: ModelQuestion,
): Promise<ModelRelease> {
  const prompt = promptHash(instructions)
  const release = (await store.modelReleases()).findLast(
    (each) => each.model === name && each.endpoint === endpoint && each.prompts.includes(prompt),
  )
  if (!release) throw new ModelNotRecorded(`no record of ${name}`)
  return release
}

type Result = Omit<
  ModelCall,
  'runId' | 'mission' | 'phase' | 'key' | 'by' | 'role' | 'route' | 'queryDigest' | 'milliseconds' | 'injectionSigns'
>

const NOTHING = { answered: null, inputTokens: 0, outputTokens: 0, costMicros: 0, currency: null }

async function keep(
  { store, clock, onModelCall }: AskModelDeps,
  { run, key, question }: Asked,
  result: Result,
): Promise<void> {
  const call: ModelCall = {
    ...result,
    runId: run.id,
    mission: run.mission,
    phase: run.phase,
    key,
    by: run.trigger.launcher,
    route: [run.trigger.kind, run.trigger.change].filter((part) => part !== null).join(' '),
    queryDigest: sha256Of([question.instructions, question.input.text]),
    role: run.trigger.role ?? null,
    milliseconds: Math.round(secondsBetween(result.at, clock.now()) * 1000),
    injectionSigns: question.input.signs,
  }
  onModelCall?.(call)
  await store.transaction((tx) => tx.addModelCall(call))
}
