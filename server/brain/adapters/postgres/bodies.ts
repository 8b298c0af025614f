import { body } from './schema.ts'
import type { Scope } from './scope.ts'

/** Keeps a body under its hash, once, encrypted under the run's key. Throws BodyTooLarge. */
export async function keepBody(scope: Scope, runId: string, hash: string, value: unknown): Promise<void> {
  const sealed = await scope.seals.seal(scope.db(), runId, value)
  await scope.db().insert(body).values({ orgId: scope.orgId, runId, hash, sealed }).onConflictDoNothing()
}
