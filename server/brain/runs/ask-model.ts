import { AllStopped } from '../domain/errors.ts'
import { SWITCH } from '../domain/switch.ts'
import type { LanguageModel, ModelQuestion } from '../ports/model.ts'
import type { SettingReads } from '../ports/settings.ts'
import type { ModelReply } from './phase.ts'

/** A call under way ends within a second of a stop. */
const LOOK_EVERY_SECONDS = 0.25

/** Repeats the work until the returned function is called; an error of one time ends nothing. */
export type Every = (seconds: number, work: () => Promise<void>) => () => void

/** Throws AllStopped while an administrator has stopped everything. */
export async function assertReadsOn(store: SettingReads): Promise<void> {
  if ((await store.setting(SWITCH.reads)) === 'stopped') throw new AllStopped()
}

const isModelStopped = async (store: SettingReads): Promise<boolean> =>
  (await store.setting(SWITCH.model)) === 'stopped'

/**
 * Asks the model, unless models are stopped; a call under way is broken off when they are stopped meanwhile. Throws AllStopped
 * when that was a stop of everything, and what the model throws.
 */
export async function askModel(
  { store, every }: { store: SettingReads; every: Every },
  model: LanguageModel,
  question: ModelQuestion,
  mostTokens: number,
): Promise<ModelReply> {
  if (await isModelStopped(store)) return 'off'
  const stopped = new AbortController()
  const stopLooking = every(LOOK_EVERY_SECONDS, async () => {
    if (await isModelStopped(store)) stopped.abort()
  })
  try {
    const { text, model: answered, tokens } = await model.answer(question, { mostTokens, signal: stopped.signal })
    return { asked: model.name, answered, text, tokens }
  } catch (error) {
    if (!stopped.signal.aborted) throw error
    await assertReadsOn(store)
    return 'off'
  } finally {
    stopLooking()
  }
}
