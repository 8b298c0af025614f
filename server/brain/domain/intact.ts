// Whether what is stored of a mission is what an administrator's signature covers.
import { grantHash } from '../../contract/grant.ts'
import { canonical, sha256 } from '../../contract/values/canonical.ts'
import { AlteredMission, EarlierForm } from './errors.ts'
import type { KnowledgeVersion, MissionDefinition, MissionVersion } from './mission.ts'

export const definitionHash = (definition: MissionDefinition): string => sha256(canonical(definition))
export const sourceHash = (source: string): string => sha256(canonical(source))

/** Throws EarlierForm for a definition that this release cannot run. */
function assertOfThisForm({ name, version, definition }: MissionVersion): void {
  const isOfThisForm = Array.isArray(definition.reason) && Array.isArray(definition.propose)
  if (!isOfThisForm) throw new EarlierForm(`mission ${name} v${version}`)
}

/** Throws AlteredMission unless grant, text, definition and pinned versions of knowledge have the hashes that were signed; EarlierForm. */
export function assertIntact(mission: MissionVersion): void {
  const { name, version, grant } = mission
  const altered = (part: string) => new AlteredMission(`mission ${name} v${version}`, part)
  if (grantHash(grant) !== mission.grantHash) throw altered('grant')
  if (grant.mission !== name || grant.version !== version) throw altered('name')
  if (grant.definition.parsed !== definitionHash(mission.definition)) throw altered('definition')
  if (grant.definition.source !== sourceHash(mission.source)) throw altered('text')
  const pins = Object.entries(mission.knowledge)
  const pinned = pins.every(([document, pin]) => grant.knowledge[document]?.version === pin)
  if (!pinned || pins.length !== Object.keys(grant.knowledge).length) throw altered('knowledge')
  assertOfThisForm(mission)
}

/** Throws AlteredMission unless the document is the one that the mission's grant pins. */
export function assertPinned({ grant, name, version }: MissionVersion, document: KnowledgeVersion): void {
  if (grant.knowledge[document.name]?.hash === sourceHash(document.source)) return
  throw new AlteredMission(`mission ${name} v${version}`, `knowledge document ${document.name}`)
}
