// The question to the org behind visibility, under the grants that administrators activated here.
import { millisOf } from '../../contract/values/instant.ts'
import type { ToolInput, ToolOutput } from '../../contract/tools.ts'
import { SalesforceError } from '../domain/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { GrantReads } from '../ports/missions.ts'
import type { Salesforce } from '../ports/salesforce.ts'

export type Given = Pick<ToolOutput<'checkVisibility'>, 'records' | 'fields'>
type Asked = Pick<ToolInput<'checkVisibility'>, 'userId' | 'recordIds' | 'fields'>
export type VisibilityQuery = (asked: Asked) => Promise<Given>

/** A grant that the register does not know is opened again so long after the last try. */
const TRIED_MS = 5 * 60_000

/**
 * Asks under every grant that was activated here: old runs are about records of old versions too. A salesforce-mcp that was started
 * anew knows none of them until they are opened, which looks into the register; those that are not active then count all the same.
 */
export function visibilityQuery({ salesforce, clock, store }: QueryDeps): VisibilityQuery {
  const tried = new Map<string, number>()
  const isUntried = (hash: string, now: number) => now - (tried.get(hash) ?? -Infinity) >= TRIED_MS
  return async (asked) => {
    const known = await store.activatedGrants()
    if (known.length === 0) return { records: {}, fields: {} }
    const ask = () =>
      salesforce.call(
        'checkVisibility',
        { ...asked, grants: known.map(({ hash }) => hash) },
        { runId: null, userId: asked.userId },
      )
    const answer = await ask()
    const now = millisOf(clock.now()) ?? 0
    const closed = known.filter(({ hash }) => answer.unknown.includes(hash) && isUntried(hash, now))
    if (closed.length === 0) return answer
    for (const { grant } of closed) await open(salesforce, grant)
    const again = await ask()
    for (const hash of again.unknown) tried.set(hash, now)
    return again
  }
}

interface QueryDeps {
  salesforce: Salesforce
  clock: Clock
  store: GrantReads
}

async function open(salesforce: Salesforce, grant: ToolInput<'openGrant'>['grant']): Promise<void> {
  try {
    await salesforce.call('openGrant', { grant }, { runId: null })
  } catch (error) {
    if (!(error instanceof SalesforceError) || error.error.code !== 'inactive') throw error
  }
}
