// One immutable version of a decision's change set, composed from a proposal and sealed.
import type { SealedDocument } from '../../contract/change-set.ts'
import { rightsFor } from '../../contract/rights.ts'
import { documentOf } from '../../contract/seal.ts'
import type { ChangeSetVersion } from '../domain/decision.ts'
import type { MissionVersion } from '../domain/mission.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { Ids } from '../ports/clock.ts'
import type { PhaseContext } from '../runs/phase.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { Run } from '../domain/run.ts'
import type { DecidingDeps } from './deps.ts'
import { documentName, leafPaths, sealDocument } from './leaves.ts'

interface Draft {
  orgId: string
  decisionId: string
  run: Run
  mission: MissionVersion
  proposal: Proposal
  version: number
  expiresAt: string
}

function documentFor({ orgId, decisionId, run, mission, proposal, version, expiresAt }: Draft): SealedDocument {
  return {
    org: orgId,
    decision: decisionId,
    run: run.id,
    mission: mission.name,
    missionVersion: mission.version,
    grant: mission.grantHash,
    version,
    gate: proposal.gate,
    launcher: run.trigger.launcher,
    editors: [],
    expiresAt,
    operations: proposal.operations,
    base: proposal.base,
    ...(proposal.evidence?.length && { evidence: proposal.evidence }),
    ...(proposal.assertions?.length && { assertions: proposal.assertions }),
    // Only where a grant makes a difference between what is new and what puts back.
    ...(proposal.notBefore !== undefined && { notBefore: proposal.notBefore }),
    ...(proposal.undoes &&
      (mission.grant.assertions || mission.grant.commit) && { undoes: proposal.undoes.decisionId }),
  }
}

/** Journal key of the salts of a version that the run composed. */
export const saltsOf = (version: number) => `salts-v${version}`

/** Seals a proposal as `version`; its salts are journalled, so that a replay gives the same digest. */
export async function composeVersion(
  deps: Pick<DecidingDeps, 'ids'>,
  context: PhaseContext,
  draft: Draft & { createdAt: string; notice: Phrase | null },
): Promise<ChangeSetVersion> {
  const document = documentFor(draft)
  const salts = await context.ask(saltsOf(draft.version), { document: documentName(document) }, () =>
    Promise.resolve(newSalts(document, deps.ids)),
  )
  return {
    decisionId: draft.decisionId,
    version: draft.version,
    ...sealDocument(document, salts),
    proposal: draft.proposal,
    gate: draft.proposal.gate,
    rights: rightsFor(draft.proposal.operations),
    notice: draft.notice,
    createdAt: draft.createdAt,
  }
}

function newSalts(document: SealedDocument, ids: Ids): Record<string, string> {
  return Object.fromEntries(leafPaths(document).map((path) => [path, ids.salt()]))
}

/**
 * The same change set as the next version, under new salts: its digest is another, so that no answer to the earlier
 * version can ever be used for it.
 */
export function resealed(changeSet: ChangeSetVersion, ids: Ids, notice: Phrase, createdAt: string): ChangeSetVersion {
  const document = { ...documentOf(changeSet.leaves), version: changeSet.version + 1 }
  return {
    ...changeSet,
    version: document.version,
    ...sealDocument(document, newSalts(document, ids)),
    notice,
    createdAt,
  }
}
