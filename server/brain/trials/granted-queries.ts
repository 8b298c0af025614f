import type { RecordValues } from '../../contract/values/record-values.ts'
import { SalesforceError } from '../domain/errors.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { CallContext, Salesforce } from '../ports/salesforce.ts'

/** Records of each query, within what the version may read. Throws SalesforceError, e.g. when it is not active. */
export async function grantedQueries(
  salesforce: Salesforce,
  { grant, grantHash }: Pick<MissionVersion, 'grant' | 'grantHash'>,
  queries: string[],
  context: CallContext,
): Promise<RecordValues[][]> {
  const ask = () => salesforce.call('soqlQuery', { grant: grantHash, queries }, context)
  const { results } = await ask().catch(async (error: unknown) => {
    if (!(error instanceof SalesforceError) || error.error.code !== 'not-granted') throw error
    await salesforce.call('openGrant', { grant }, context)
    return ask()
  })
  return results.map(({ records }) => records)
}
