// Receipts in the org whose decision is not approved here: after a restore, a fault or an attack, the org may hold what the brain denies.
import { z } from 'zod'
import { addSeconds } from '../../../contract/values/instant.ts'
import { wrote } from '../../../contract/states.ts'
import { nextVerdict, VERDICT_TRANSITIONS } from '../../domain/transitions.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import type { Reads, Transactions } from '../../ports/store.ts'
import { STRAY } from '../../runs/hold.ts'
import { settleByReceipt, type Receipt } from './settle-by-receipt.ts'

interface StrayDeps {
  store: Pick<Reads, 'setting' | 'decision' | 'changeSet' | 'run'> & Transactions
  salesforce: Salesforce
  clock: Clock
  /** Since then no lost database explains a decision that is unknown here. */
  startedAt: string
  /**
   * Receives each receipt whose decision is not approved here, once per process. `byOther`: another brain wrote it, whose decisions are
   * in another database.
   */
  onStray(receipt: Receipt, byOther: boolean): void
}

/** Where the last look ended: the brain's own, so a restored database looks again at all that came since its backup. */
const SETTING = 'receipts-seen'
/** At the first look. */
const FIRST_LOOK_SECONDS = 86_400
/** An org shows a row up to its longest transaction after the time that the row bears. */
const OVERLAP_SECONDS = 900

const Seen = z.object({ since: z.string(), ids: z.array(z.string()) })

/**
 * Compares the org's receipts since the last look with the decisions here: one call when there are few. A decision that is open is
 * settled by its receipt. A run whose decision ended without approval gets the verdict `unknown`, and says that the org holds a write
 * that was not approved here.
 */
export async function findStrays(deps: StrayDeps): Promise<void> {
  const { store, salesforce, clock } = deps
  const kept = (await store.setting(SETTING)) ?? 'null'
  const parsed = Seen.safeParse(JSON.parse(kept))
  const seen = parsed.success ? parsed.data : { since: addSeconds(clock.now(), -FIRST_LOOK_SECONDS), ids: [] }
  const read = new Map<string, string>()
  for (let since = seen.since, more = true; more;) {
    const answer = await salesforce.call('listReceipts', { since }, { runId: null })
    const fresh = answer.receipts.filter(({ id }) => !read.has(id))
    for (const receipt of fresh) {
      if (!seen.ids.includes(receipt.id)) await compare(deps, receipt)
      since = addSeconds(receipt.createdDate, 0)
      read.set(receipt.id, since)
    }
    more = answer.more && fresh.length > 0
  }
  const next = JSON.stringify(after(read, seen.since))
  if (next !== kept) await store.transaction((tx) => tx.setSetting(SETTING, next))
}

/** `read`: times by receipt, oldest first. */
function after(read: ReadonlyMap<string, string>, since: string): z.infer<typeof Seen> {
  const last = [...read.values()].at(-1)
  const back = last === undefined ? since : addSeconds(last, -OVERLAP_SECONDS)
  const from = back > since ? back : since
  return { since: from, ids: [...read].flatMap(([id, at]) => (at >= from ? [id] : [])) }
}

async function compare(deps: StrayDeps, receipt: Receipt): Promise<void> {
  if (await settleByReceipt(deps.store, receipt)) return
  if (await isStray(deps, receipt)) await report(deps, receipt)
}

/** What was erased here cannot be compared. */
async function isStray({ store }: StrayDeps, { decision: id, digest }: Receipt): Promise<boolean> {
  const decision = await store.decision(id)
  if (!decision) return true
  if (decision.isErased) return false
  const current = await store.changeSet(id, decision.version)
  if (current?.digest !== digest) return true
  if (decision.status === 'approved') return false
  return !wrote((await store.run(decision.runId))?.verdict ?? null)
}

async function report({ store, onStray, startedAt }: StrayDeps, receipt: Receipt): Promise<void> {
  const decision = await store.decision(receipt.decision)
  onStray(receipt, decision === null && addSeconds(receipt.createdDate, 0) > startedAt)
  if (!decision) return
  await store.transaction(async (tx) => {
    const run = await tx.lockRun(decision.runId)
    if (!run || run.erased) return
    const text = 'Salesforce holds a write that was not approved here; check the records by hand'
    await tx.observe(run.id, run.phase, `${STRAY}${receipt.id}`, [
      { kind: 'failed', text: [text], records: [decision.subject] },
    ])
    if (!run.verdict || !VERDICT_TRANSITIONS[run.verdict].includes('unknown')) return
    const verdict = nextVerdict(run.verdict, 'unknown')
    await tx.updateRun(run.id, { verdict, reason: [text], stray: { receiptId: receipt.id, was: run.verdict } })
  })
}
