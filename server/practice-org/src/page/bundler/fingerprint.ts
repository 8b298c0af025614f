import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'

/** Names every file below `sources` (files or folders; a missing one counts as empty) by content: 32 hex characters. */
export async function fingerprint(sources: string[], variant: string): Promise<string> {
  const hash = createHash('sha256').update(`${variant}\0${process.version}\0`)
  for (const [place, source] of sources.entries()) {
    for (const file of await filesOf(source)) {
      const content = createHash('sha256')
        .update(await fs.readFile(file))
        .digest('hex')
      hash.update(`${place}\0${path.relative(source, file)}\0${content}\0`)
    }
  }
  return hash.digest('hex').slice(0, 32)
}

async function filesOf(source: string): Promise<string[]> {
  const stat = await fs.stat(source).catch(() => undefined)
  if (!stat) return []
  if (stat.isFile()) return [source]
  const entries = await fs.readdir(source, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__tests__'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
