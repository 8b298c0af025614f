import { body } from './schema.ts'
import type { OrgSession } from './org-session.ts'
import { placeOf } from './places.ts'

/** Keeps a body under its hash, once, encrypted under the run's key. Throws BodyTooLarge. */
export async function keepBody(scope: OrgSession, runId: string, hash: string, value: unknown): Promise<void> {
  await bodyInsert(scope, runId, hash, await scope.seals.seal(scope.db(), placeOf.body({ hash, runId }), value))
}

/** Statement that stores an already encrypted body, for use inside another statement. */
export const bodyInsert = (scope: OrgSession, runId: string, hash: string, sealed: string) =>
  scope.db().insert(body).values({ orgId: scope.orgId, runId, hash, sealed }).onConflictDoNothing()
