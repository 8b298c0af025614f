import { asc, eq, type InferSelectModel } from 'drizzle-orm'
import { releaseHash, type ModelRelease } from '../../../domain/model-release.ts'
import type { ModelReleaseReads, ModelReleaseWrites } from '../../../ports/oversight.ts'
import type { OrgSession } from '../session/org-session.ts'
import { modelRelease } from '../session/schema.ts'

/** Oldest first. */
export function readModelReleases(scope: OrgSession): ModelReleaseReads {
  return {
    async modelReleases() {
      const mine = eq(modelRelease.orgId, scope.orgId)
      return (await scope.db().select().from(modelRelease).where(mine).orderBy(asc(modelRelease.n))).map(releaseOf)
    },
  }
}

/** Appends to the chain; the caller's transaction holds a lock. */
export function writeModelReleases(scope: OrgSession): ModelReleaseWrites {
  return {
    async appendModelRelease(given) {
      const last = (await readModelReleases(scope).modelReleases()).at(-1)
      const release = { ...given, n: (last?.n ?? 0) + 1, at: scope.clock.now() }
      const row = { ...release, prompts: release.prompts.join(' '), hash: releaseHash(last?.hash ?? null, release) }
      await scope
        .db()
        .insert(modelRelease)
        .values({ orgId: scope.orgId, ...row })
    },
  }
}

/** A row as the domain knows it. */
export function releaseOf({ orgId: _, prompts, ...row }: InferSelectModel<typeof modelRelease>): ModelRelease {
  return { ...row, prompts: prompts.split(' ') }
}
