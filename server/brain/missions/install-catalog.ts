import type { Store, Tx } from '../ports/store.ts'
import { missionVersionOf, type Catalog } from './catalog.ts'

/**
 * Stores what changed of the catalogue as new versions, inert until an administrator activates them. A mission whose text,
 * grant and documents are as in its latest version stays as it is.
 */
export function installCatalog(store: Store, catalog: Catalog): Promise<void> {
  return store.transaction(async (tx) => {
    // Processes that start at the same time would otherwise write the same version.
    await tx.lockExclusively('install the catalogue')
    const versions: Record<string, number> = {}
    for (const document of catalog.knowledge) versions[document.name] = await installDocument(tx, document)
    for (const entry of catalog.missions) await installMission(tx, entry, versions)
  })
}

async function installDocument(tx: Tx, document: Catalog['knowledge'][number]): Promise<number> {
  const latest = await tx.knowledge(document.name)
  if (latest?.source === document.source) return latest.version
  const version = (latest?.version ?? 0) + 1
  await tx.insertKnowledge({ ...document, version })
  return version
}

async function installMission(
  tx: Tx,
  entry: Catalog['missions'][number],
  versions: Record<string, number>,
): Promise<void> {
  const pinned = Object.fromEntries(entry.definition.knowledge.map((name) => [name, versions[name] ?? 1]))
  const latest = await tx.mission(entry.name)
  if (latest) {
    const same = missionVersionOf(entry, latest.version, pinned)
    const pinsAgree = Object.entries(pinned).every(([name, version]) => latest.knowledge[name] === version)
    if (latest.source === same.source && latest.grantHash === same.grantHash && pinsAgree) return
  }
  await tx.insertMission(missionVersionOf(entry, (latest?.version ?? 0) + 1, pinned))
}
