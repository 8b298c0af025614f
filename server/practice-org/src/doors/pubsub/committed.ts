import { z } from 'zod'
import { readText, writeSecret } from '../../org/secret-file.ts'
import type { Committed } from './managed-stream.ts'

const FILE = 'managed-subscriptions.json'
const Kept = z.record(z.string(), z.number().int())

/** Committed replay ids, in `dataDir` or, with null, in memory. */
export function keptCommits(dataDir: string | null): Committed {
  const text = dataDir ? readText(dataDir, FILE) : undefined
  const commits = new Map(Object.entries(text ? Kept.parse(JSON.parse(text)) : {}))
  const keep = (): void => {
    if (dataDir) writeSecret(dataDir, FILE, JSON.stringify(Object.fromEntries(commits)))
  }
  return {
    get: (id) => commits.get(id),
    set: (id, replayId) => {
      commits.set(id, replayId)
      keep()
    },
    forget: (id) => {
      if (commits.delete(id)) keep()
    },
  }
}
