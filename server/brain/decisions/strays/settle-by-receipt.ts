// A decision that is open here although the org holds its receipt: people approved it before the database was restored.
import type { ToolOutput } from '../../../contract/tools.ts'
import { addSeconds } from '../../../contract/values/instant.ts'
import type { Decision, SettlingReceipt } from '../../domain/decision.ts'
import { nextDecisionStatus } from '../../domain/transitions.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import type { Transactions, Tx } from '../../ports/store.ts'

export type Receipt = ToolOutput<'listReceipts'>['receipts'][number]

type Store = Transactions

/** Clocks of org and database differ by less. */
const CLOCKS_APART_SECONDS = 900

/** Looks in the org for receipts of one decision, and settles it by what it finds. One call; throws SalesforceError. */
export async function lookForReceipt(
  { store, salesforce }: { store: Store; salesforce: Salesforce },
  { id, createdAt }: Pick<Decision, 'id' | 'createdAt'>,
): Promise<void> {
  const since = addSeconds(createdAt, -CLOCKS_APART_SECONDS)
  const { receipts } = await salesforce.call('listReceipts', { since, decision: id }, { runId: null })
  for (const receipt of receipts) await settleByReceipt(store, receipt)
}

/**
 * Settles an open decision by a receipt of the version that is open, and wakes its run, which reads back what stands. A receipt of a
 * version that is unknown here supersedes the decision: its run ends as unknown. True in the first case.
 */
export function settleByReceipt(store: Store, receipt: Receipt): Promise<boolean> {
  return store.transaction(async (tx) => {
    const decision = await tx.lockDecision(receipt.decision)
    if (decision?.status !== 'open' || decision.isErased) return false
    const version = await versionOf(tx, decision, receipt.digest)
    // A version that ended here before it was written: not lost, but a write that may lack its approvals.
    if (version !== null && version !== decision.version) return false
    const isOfOpenVersion = version !== null
    const status = nextDecisionStatus(decision.status, isOfOpenVersion ? 'approved' : 'superseded')
    await tx.updateDecision(decision.id, {
      status,
      commitsAt: null,
      settledBy: settling(decision, receipt, isOfOpenVersion),
    })
    await tx.addOutbox({ kind: 'advance-run', about: decision.runId, dueInSeconds: 0 })
    return isOfOpenVersion
  })
}

/** The version with this digest; null when there is none here. */
async function versionOf(tx: Tx, { id, version }: Decision, digest: string): Promise<number | null> {
  for (let n = version; n > 0; n -= 1) if ((await tx.changeSet(id, n))?.digest === digest) return n
  return null
}

function settling({ rosters }: Decision, receipt: Receipt, isOfOpenVersion: boolean): SettlingReceipt {
  const names = new Map(rosters.flatMap(({ users }) => users).map(({ id, name }) => [id, name]))
  const approvedBy = receipt.approvedBy.map((id) => ({ id, name: names.get(id) ?? id }))
  return { receiptId: receipt.id, at: addSeconds(receipt.createdDate, 0), approvedBy, isOfOpenVersion }
}
