import type { Store, Tx } from '../ports/store.ts'
import { sourceHash } from '../domain/intact.ts'
import type { Grant } from '../../contract/grant.ts'
import { missionVersionOf, pinnedOf, type Catalog } from './catalog.ts'

interface Installer {
  /** The version of this release. */
  release: string
  /** The account of the machine that this process runs as. */
  by: string
}

/**
 * Stores what changed of the catalogue as new versions, inert until an administrator activates them. A mission whose text,
 * grant and documents are as in its latest version stays as it is.
 */
export function installCatalog(store: Store, catalog: Catalog, installer: Installer): Promise<void> {
  return store.transaction(async (tx) => {
    // Processes that start at the same time would otherwise write the same version.
    await tx.lockExclusively('install the catalogue')
    const pins: Grant['knowledge'] = {}
    for (const document of catalog.knowledge) {
      pins[document.name] = {
        version: await installDocument(tx, document, installer),
        hash: sourceHash(document.source),
      }
    }
    for (const entry of catalog.missions) await installMission(tx, entry, pins)
  })
}

async function installDocument(
  tx: Tx,
  { file, isShipped, ...document }: Catalog['knowledge'][number],
  { release, by }: Installer,
): Promise<number> {
  const latest = await tx.knowledge(document.name)
  if (latest?.source === document.source) return latest.version
  const version = (latest?.version ?? 0) + 1
  const origin = isShipped ? `release ${release}: ${file}` : `file ${file}`
  await tx.insertKnowledge({ ...document, version, origin, writer: by })
  return version
}

async function installMission(tx: Tx, entry: Catalog['missions'][number], pins: Grant['knowledge']): Promise<void> {
  const pinned = pinnedOf(entry.definition, pins)
  const latest = await tx.mission(entry.name)
  if (latest) {
    const same = missionVersionOf(entry, latest.version, pinned)
    if (latest.grantHash === same.grantHash) return
  }
  await tx.insertMission(missionVersionOf(entry, (latest?.version ?? 0) + 1, pinned))
}
