import { isSameModel, promptHash } from '../domain/model-release.ts'
import type { LanguageModel } from '../ports/model.ts'
import type { ModelReleaseReads, ModelReleaseWrites } from '../ports/oversight.ts'
import type { Locks, Transactions } from '../ports/store.ts'

interface RecordedModel {
  model: Pick<LanguageModel, 'name' | 'endpoint'>
  /** Every text of instructions that this release may send. */
  instructions: readonly string[]
  /** The account of the machine that this process runs as. */
  by: string
}

/** Records the model with which a process starts, unless the latest record is of the same: no other model is asked. */
export async function recordModel(
  store: Transactions<ModelReleaseReads & ModelReleaseWrites & Locks>,
  { model, instructions, by }: RecordedModel,
): Promise<void> {
  const inUse = { model: model.name, endpoint: model.endpoint, prompts: instructions.map(promptHash).sort() }
  await store.transaction(async (tx) => {
    await tx.lockExclusively('record the model')
    const latest = (await tx.modelReleases()).at(-1)
    if (!latest || !isSameModel(latest, inUse)) await tx.appendModelRelease({ ...inUse, by })
  })
}
