import { SalesforceError } from '../domain/errors.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { Salesforce } from '../ports/salesforce.ts'

/** Opens the first grant that reads the object and that the org's register calls active; null without one. */
export async function openReadingGrant(
  salesforce: Salesforce,
  missions: readonly MissionVersion[],
  object: string,
): Promise<string | null> {
  for (const { grant } of missions.filter((mission) => object in mission.grant.reads)) {
    try {
      return (await salesforce.call('openGrant', { grant }, { runId: null })).grant
    } catch (error) {
      if (!(error instanceof SalesforceError) || error.error.code !== 'inactive') throw error
    }
  }
  return null
}
