import { asc } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { stateOf, type RowState } from '../../server/brain/adapters/postgres/session/ledger.ts'
import { modelRelease } from '../../server/brain/adapters/postgres/session/schema.ts'
import { releaseOf } from '../../server/brain/adapters/postgres/tables/model-releases.ts'
import { releaseHash } from '../../server/brain/domain/model-release.ts'
import { canonical } from '../../server/contract/values/canonical.ts'

type Row = typeof modelRelease.$inferSelect

/** What a run's ledger has of the model that it asked. */
export interface AskedModel extends RowState {
  orgId: string
  runId: string
}

/** Checks the chain of releases of models, and compares it with what the ledgers of runs have of them. One line each. */
export async function checkModels(db: Db, asked: readonly AskedModel[]): Promise<string[]> {
  const rows = await db.select().from(modelRelease).orderBy(asc(modelRelease.orgId), asc(modelRelease.n))
  const orgs = Map.groupBy(rows, ({ orgId }) => orgId)
  const broken = [...orgs.values()].flatMap(brokenChain)
  const stored = new Map(
    rows.map((row) => [`${row.orgId} ${stateOf.modelRelease(row).row}`, stateOf.modelRelease(row).is]),
  )
  const wrong = asked.flatMap(({ orgId, runId, row, is }) => {
    const now = stored.get(`${orgId} ${row}`)
    if (!now) return [`${row}: was deleted, run ${runId} asked it`]
    return canonical(now) === canonical(is) ? [] : [`${row}: is not as it was when run ${runId} asked it`]
  })
  return [...broken, ...new Set(wrong)]
}

function brokenChain(rows: readonly Row[]): string[] {
  let before: string | null = null
  return rows.flatMap((row, index) => {
    const { hash, ...release } = releaseOf(row)
    const isRight = row.n === index + 1 && releaseHash(before, release) === hash
    before = hash
    return isRight ? [] : [`model release ${row.n}: does not follow the release before it`]
  })
}
