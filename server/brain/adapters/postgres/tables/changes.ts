import type { OrgSession } from '../session/org-session.ts'
import { event } from '../session/schema.ts'

interface Change {
  kind: 'run' | 'decision'
  runId: string
  decisionId: string | null
}

/** A run or a decision changed: readers fetch it as it is by then. */
export async function recordChange(scope: OrgSession, about: Change): Promise<void> {
  await changeInsert(scope, about)
}

/** The statement that `recordChange` runs, to be made part of the one that changes the row. */
export function changeInsert(scope: OrgSession, { kind, runId, decisionId }: Change) {
  scope.tell('event')
  return scope
    .db()
    .insert(event)
    .values({ orgId: scope.orgId, id: scope.ids.next(), kind, runId, decisionId, at: scope.clock.now() })
}
