import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openEmbedded } from '../../server/brain/adapters/pglite/open.ts'
import { schemaVersion } from '../../server/brain/adapters/postgres/migrate.ts'
import { storePool, type Pool } from '../../server/brain/adapters/postgres/session/pools.ts'
import { hexKeyOf } from '../../server/settings/key-text.ts'
import { z } from 'zod'

interface AuditDatabase {
  pool: Pool
  close(): Promise<void>
}

/** The audit cannot start; the message is one line for the operator. */
export class CannotAudit extends Error {}

const Stamp = z.object({ orgId: z.string(), schemaVersion: z.number() })

/**
 * Opens the database of a data folder, or of a URL. Throws CannotAudit, and FolderInUse while another process uses the folder:
 * two processes on one embedded database would lose rows.
 */
export async function openForAudit(dataDir: string, databaseUrl: string | undefined): Promise<AuditDatabase> {
  if (databaseUrl !== undefined) {
    const pool = storePool(databaseUrl, () => {})
    return { pool, close: () => pool.end() }
  }
  const text = await readFile(join(dataDir, 'stamp.json'), 'utf8').catch(() => null)
  const stamp = text === null ? null : Stamp.safeParse(JSON.parse(text)).data
  if (!stamp)
    throw new CannotAudit(`${dataDir} is no data folder of a brain: name one by --data-dir, or set DATABASE_URL`)
  if (stamp.schemaVersion !== (await schemaVersion())) {
    throw new CannotAudit(
      `${dataDir} was written by another release: start this release on it once, stop it, then audit`,
    )
  }
  return openEmbedded({ dataDir, orgId: stamp.orgId })
}

/** The key that wraps the runs' keys; null when it is missing. It is never created here. */
export async function bodyKeyFor(dataDir: string, keyFile: string | undefined): Promise<Buffer | null> {
  const path = keyFile ?? join(dataDir, 'keys', 'body.key')
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null && keyFile === undefined) return null
  const key = hexKeyOf(text ?? '')
  if (!key) throw new CannotAudit(`${path} does not hold 64 hex digits, as a body key has`)
  return key
}

export interface CheckpointKeys {
  /** The one in use, and the one before or after it. */
  keys: KeyObject[]
  /** False when the key was stored beside the records: an attacker who can rewrite them can rewrite it too. */
  areGiven: boolean
}

/** The public halves of the checkpoint keys; null when there is none. Throws CannotAudit. */
export async function checkpointKeysFor(dataDir: string, files: readonly string[]): Promise<CheckpointKeys | null> {
  const own = join(dataDir, 'keys', 'checkpoint.pub.pem')
  const pem = await readFile(own, 'utf8').catch(() => null)
  if (files.length === 0 && pem === null) return null
  const keys = await publicKeysIn(files.length > 0 ? files : [own])
  return { keys, areGiven: files.length > 0 }
}

/** Throws CannotAudit for a file without a public key. */
export async function publicKeysIn(files: readonly string[]): Promise<KeyObject[]> {
  const keys: KeyObject[] = []
  for (const file of files) {
    const pem = await readFile(file, 'utf8').catch(() => '')
    try {
      keys.push(createPublicKey(pem))
    } catch {
      throw new CannotAudit(`${file} does not hold a public key in PEM`)
    }
  }
  return keys
}

/** Hashes from the org's receipts, one per line, as `sf data query --result-format csv` writes a single field. */
export async function anchorsIn(file: string | undefined): Promise<string[]> {
  if (file === undefined) return []
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) throw new CannotAudit(`${file} cannot be read`)
  const lines = text.split(/\r?\n/).map((line) => line.trim().replace(/^"(.*)"$/, '$1'))
  const anchors = lines.filter((line, at) => line !== '' && !(at === 0 && /Anchor__c$/.test(line)))
  const odd = anchors.find((line) => !/^[0-9a-f]{64}$/.test(line))
  if (odd !== undefined) throw new CannotAudit(`${file} has a line that is no anchor: ${odd.slice(0, 80)}`)
  return anchors
}
