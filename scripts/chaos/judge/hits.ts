// Faults that really fell between the sending of a write and its answer, counted at the doors.
import type { Exchange } from '../layout/door.ts'
import type { BrainFacts } from './brain-facts.ts'
import type { Subject } from '../people/companies.ts'

export interface Hits {
  /** Requests with a write that were sent. */
  sent: number
  /** Of them, those whose answer never reached the sender. */
  lost: number
  /** Of the lost, those that the other side had answered. */
  lostAfterEffect: number
  /** Runs with at least one lost answer. */
  runs: number
}

export function hitsOf(
  doors: Iterable<readonly Exchange[]>,
  subjects: readonly Subject[],
  { runs, decisions }: BrainFacts,
): Hits {
  const leadOfRun = new Map(runs.map(({ id, subject }) => [id, subject?.id]))
  const leadOfDigest = new Map([...decisions.values()].map(({ digest, runId }) => [digest, leadOfRun.get(runId)]))
  const leadOfRecord = new Map(
    subjects.flatMap(({ lead, survivor, loser }) =>
      [lead, survivor, loser].flatMap((id) => (id ? [[id, lead] as const] : [])),
    ),
  )
  const leadOf = ({ body }: Exchange): string | undefined => {
    const run = /"missions\/run":"([^"]+)"/.exec(body)?.[1]
    const digest = /([0-9a-f]{64})\/1/.exec(body)?.[1]
    if (run) return leadOfRun.get(run)
    if (digest && leadOfDigest.has(digest)) return leadOfDigest.get(digest)
    const ids = body.match(/\b(?:00Q|001)[0-9A-Za-z]{15}\b/g) ?? []
    return ids.map((id) => leadOfRecord.get(id)).find((lead) => lead !== undefined)
  }
  const all = [...doors].flat()
  const lost = all.filter(({ wasSent, wasDelivered }) => wasSent && !wasDelivered)
  return {
    sent: all.filter(({ wasSent }) => wasSent).length,
    lost: lost.length,
    lostAfterEffect: lost.filter(({ answered }) => answered !== null).length,
    runs: new Set(lost.flatMap((each) => leadOf(each) ?? [])).size,
  }
}
