import { StartRefused } from '../../../contract/start-refused.ts'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const Stamp = z.object({ orgId: z.string(), schemaVersion: z.number().int() })

/** The folder holds another org's data, or a newer release's. */
export class ForeignFolder extends StartRefused {}

/** Stamps the folder with its org and schema version. Throws ForeignFolder, changing nothing, when it holds other data. */
export async function stampFolder(folder: string, orgId: string, schemaVersion: number): Promise<void> {
  const path = join(folder, 'stamp.json')
  const text = await readFile(path, 'utf8').catch(() => null)
  const found = text === null ? null : Stamp.safeParse(safeJson(text)).data
  if (text !== null && !found) throw new ForeignFolder(`${path} is not a stamp of this program: name another DATA_DIR`)
  if (found && found.orgId !== orgId) {
    throw new ForeignFolder(
      `DATA_DIR ${folder} belongs to org ${found.orgId}, not to ${orgId}: name another folder, e.g. DATA_DIR=.data-${orgId}`,
    )
  }
  if (found && found.schemaVersion > schemaVersion) {
    throw new ForeignFolder(
      `DATA_DIR ${folder} has schema version ${found.schemaVersion}, this release knows up to ${schemaVersion}: start the newer release`,
    )
  }
  await writeFile(path, `${JSON.stringify({ orgId, schemaVersion })}\n`)
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
