import { writeFile } from 'node:fs/promises'
import { systemClock } from '../../server/brain/adapters/clock.ts'
import { sortableIds } from '../../server/brain/adapters/ids.ts'
import type { Pool } from '../../server/brain/adapters/postgres/session/pools.ts'
import { openReads } from '../../server/brain/adapters/postgres/store.ts'
import { Conflict } from '../../server/brain/domain/errors.ts'
import { discloseAll, evidencePack } from '../../server/brain/evidence/pack.ts'
import { tarOf } from '../../server/brain/evidence/tar.ts'
import type { Say } from '../shared/command-line.ts'
import { CannotAudit } from './open-database.ts'

/** Writes the evidence pack of a run, with every leaf open. Throws CannotAudit. */
export async function writePack(
  pool: Pool,
  { runId, bodyKey, out }: { runId: string; bodyKey: Buffer | null; out: string },
  say: Say,
): Promise<void> {
  if (!bodyKey) throw new CannotAudit('A pack opens the change sets of its run: name the key by --body-key-file')
  const { rows } = await pool.query<{ org_id: string }>('select org_id from missions.run where id = $1', [runId])
  const orgId = rows[0]?.org_id
  if (orgId === undefined) throw new CannotAudit(`There is no run ${runId}`)
  const reads = openReads(pool, { orgId, bodyKey, clock: systemClock, ids: sortableIds(systemClock) })
  const run = await reads.run(runId)
  if (!run) throw new CannotAudit(`There is no run ${runId}`)
  try {
    await writeFile(out, tarOf(await evidencePack(reads, run, discloseAll)))
  } catch (error) {
    throw error instanceof Conflict ? new CannotAudit(error.message) : error
  }
  say(`${out}: unpack it and read its README.md`)
}
