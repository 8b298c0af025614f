import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../server/brain/adapters/clock.ts'
import { sortableIds } from '../../server/brain/adapters/ids.ts'
import type { Pool } from '../../server/brain/adapters/postgres/session/pools.ts'
import { openStore } from '../../server/brain/adapters/postgres/store.ts'
import type { EraseDeps } from '../../server/brain/erasure/erase-runs.ts'
import { bodyKeyFor, openForAudit } from '../audit/open-database.ts'

/** The erasure cannot start; the message is for the operator. */
export class CannotErase extends Error {}

interface Where {
  dataDir: string
  /** Undefined: the embedded database of the data folder. */
  databaseUrl: string | undefined
  bodyKeyFile: string | undefined
  checkpointKeyFile: string | undefined
  orgId: string | undefined
}

/** Opens the brain's store with the brain's keys. Throws CannotErase, CannotAudit, FolderInUse or NewerSchema. */
export async function openForErasing(where: Where): Promise<EraseDeps & { close(): Promise<void> }> {
  const { dataDir, databaseUrl } = where
  const bodyKey = await bodyKeyFor(dataDir, where.bodyKeyFile)
  if (!bodyKey) throw new CannotErase(`Contents are found by opening them: name the body key by --body-key-file`)
  const checkpointKey = await checkpointKeyFor(dataDir, where.checkpointKeyFile)
  const database = await openForAudit(dataDir, databaseUrl)
  try {
    const orgId = where.orgId ?? (await onlyOrg(database.pool))
    const [clock, ids] = [systemClock, sortableIds(systemClock)]
    const isEmbedded = databaseUrl === undefined
    const store = await openStore({ pool: database.pool, orgId, clock, ids, bodyKey, checkpointKey, isEmbedded })
    const close = async () => {
      await store.close()
      await database.close()
    }
    return { store, clock, ids, close }
  } catch (error) {
    await database.close()
    throw error
  }
}

async function checkpointKeyFor(dataDir: string, file: string | undefined): Promise<KeyObject> {
  const path = file ?? join(dataDir, 'keys', 'checkpoint.pem')
  const pem = await readFile(path, 'utf8').catch(() => null)
  try {
    return createPrivateKey(pem ?? '')
  } catch {
    throw new CannotErase(
      `${path} does not hold a private key: an erasure is signed into a checkpoint, so name its key by --checkpoint-key-file`,
    )
  }
}

async function onlyOrg(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ org_id: string }>('select distinct org_id from missions.run')
  const [first, second] = rows
  if (second) throw new CannotErase(`The database holds several orgs: name one by --org or ORG_ID`)
  if (!first) throw new CannotErase('The database holds no run, so there is nothing to erase')
  return first.org_id
}
