import type { Mark } from '../domain/input-mix.ts'
import type { MarkReads, OversightWrites } from '../ports/oversight.ts'
import type { Tx } from '../ports/store.ts'

type MarkTx = MarkReads & Pick<OversightWrites, 'addMark'> & Pick<Tx, 'lockExclusively'>

/** Marks another ruleset and another model than at the start before: what a mission makes of its inputs may shift with them. */
export async function markChanges(
  { transaction }: { transaction(work: (tx: MarkTx) => Promise<void>): Promise<void> },
  { ruleset, model }: { ruleset: string; model: string | null },
): Promise<void> {
  const now: [Mark['kind'], string][] = [
    ['release', `release with the rules ${ruleset.slice(0, 12)}`],
    ['model', model === null ? 'start without a model' : `start with the model ${model}`],
  ]
  await transaction(async (tx) => {
    await tx.lockExclusively('marks')
    for (const [kind, what] of now) {
      if ((await tx.lastMark(kind))?.what !== what) await tx.addMark({ kind, mission: null, what })
    }
  })
}
