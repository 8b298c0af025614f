import { secondsBetween } from '../../../contract/values/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'

/** Ends a decision that was not answered in time, changing nothing; its job may come early, late or twice. */
export async function expireDecision(
  { store, clock }: { store: Store; clock: Clock },
  decisionId: string,
): Promise<void> {
  await store.transaction(async (tx) => {
    const decision = await tx.lockDecision(decisionId)
    if (decision?.status !== 'open') return
    const left = secondsBetween(clock.now(), decision.expiresAt)
    if (left > 0) {
      await tx.addOutbox({ kind: 'expire-decision', about: decisionId, dueInSeconds: Math.ceil(left) })
      return
    }
    await tx.updateDecision(decisionId, { status: 'expired' })
    await tx.addOutbox({ kind: 'advance-run', about: decision.runId, dueInSeconds: 0 })
  })
}
