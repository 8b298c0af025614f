import { TooManyOpen } from '../../domain/errors.ts'
import type { MissionVersion } from '../../domain/mission.ts'
import type { Run } from '../../domain/run.ts'
import type { Reads, Tx } from '../../ports/store.ts'

/** An undo is what people wait for: it opens its decision at once. A trial opens none. */
const isLimited = ({ trigger, decisionId }: Run): boolean => !trigger.undo && !trigger.trial && decisionId === null

/** Throws TooManyOpen when the run should not begin to work, because its decision could not open now. */
export async function assertMayOpenLater(
  reads: Pick<Reads, 'openDecisions'>,
  run: Run,
  mission: MissionVersion,
): Promise<void> {
  if (!isLimited(run) || mission.definition.watch || (run.phase !== 'trigger' && run.phase !== 'decide')) return
  await assertBelow(reads, mission)
}

/** Throws TooManyOpen when the run may not open its decision; of two that open one at once, the second counts the first. */
export async function assertMayOpen(tx: Tx, run: Run, mission: MissionVersion): Promise<void> {
  if (!isLimited(run) || run.phase !== 'decide') return
  await tx.lockExclusively(`open decisions of ${mission.name}`)
  await assertBelow(tx, mission)
}

async function assertBelow(reads: Pick<Reads, 'openDecisions'>, { name, definition }: MissionVersion): Promise<void> {
  const { open } = definition.limits
  if ((await reads.openDecisions(name)) >= open) throw new TooManyOpen(open)
}
