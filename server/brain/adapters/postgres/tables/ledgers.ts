import { sql } from 'drizzle-orm'
import { canonical } from '../../../../contract/values/canonical.ts'
import { ledgerLink, statesHash, type SaltedState } from '../session/ledger.ts'
import type { OrgSession } from '../session/org-session.ts'
import { ledgerEntry, ledgerHead } from '../session/schema.ts'

/** Chains what the transaction wrote, as its last statements: a head stays locked until the transaction ends. */
export async function appendToLedgers(scope: OrgSession): Promise<void> {
  const { orgId } = scope
  for (const [runId, rows] of scope.ledger.perRun()) {
    const at = scope.clock.now()
    const states = rows.map(({ row, is }): SaltedState => [row, is, scope.ids.salt()])
    const first = ledgerLink({ before: null, runId, n: 1, at, states })
    const [about, content] = [canonical(runId), `${canonical(at)},${canonical(statesHash(states))}]`]
    // The database computes the link, because it alone knows the link before without waiting for it twice.
    const next = sql`'["' || head.chain || '",' || ${about}::text || ',' || (head.n + 1) || ',' || ${content}::text`
    await scope.db().execute(sql`
      with appended as (
        insert into ${ledgerHead} as head (org_id, run_id, n, chain) values (${orgId}, ${runId}, 1, ${first})
        on conflict (org_id, run_id) do update
          set n = head.n + 1, chain = encode(sha256(convert_to(${next}, 'UTF8')), 'hex')
        returning head.n, head.chain)
      insert into ${ledgerEntry} (org_id, run_id, n, at, states, chain)
        select ${orgId}, ${runId}, appended.n, ${at}, ${canonical(states)}, appended.chain from appended`)
  }
}
