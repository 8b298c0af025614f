import { InvalidInput } from '../domain/errors.ts'
import type { KnowledgeVersion, MissionVersion } from '../domain/mission.ts'
import { parseDocument } from '../knowledge/document.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { PlacedFinding } from './check-texts.ts'
import { locateFindings } from './definition.ts'
import { orgFindings } from './org-check/org-findings.ts'

/**
 * What the org lacks of what a version names: objects, fields, rights of the brain's users, relationships, values of picklists, and
 * people of rosters. The version needs no activation. Throws SalesforceError.
 */
export async function checkAgainstOrg(
  { salesforce }: { salesforce: Salesforce },
  { mission, documents }: { mission: MissionVersion; documents: ReadonlyMap<string, KnowledgeVersion> },
  { file, userId }: { file: string; userId: string },
): Promise<PlacedFinding[]> {
  const described = await salesforce.call('describeGrant', { grant: mission.grant }, { runId: null, userId })
  const found = orgFindings(mission.definition, described, (name) => documentIn(documents.get(name)))
  return locateFindings(mission.source, file, found)
}

/** Null for a document that this release cannot read: the check of the text says why. */
function documentIn(version: KnowledgeVersion | undefined): ReturnType<typeof parseDocument> | null {
  try {
    return version ? parseDocument(version.source) : null
  } catch (error) {
    if (error instanceof InvalidInput) return null
    throw error
  }
}
