// Whether a grant is open, by the records of its mission in the register.
import { SUPERSEDED_SECONDS } from '../../contract/activation.ts'
import { addSeconds } from '../../contract/values/instant.ts'
import type { Registered } from './register.ts'

/** `until`: when it closes unless it is renewed. `closed`: why it is not open, in words. */
type Standing = { until: string } | { closed: string }

/**
 * A grant is open from its newest record on, until it ends, until any later record or itself is withdrawn, or until its version has
 * been superseded for as long as decisions of it may be open. `records` are those of one mission, newest first.
 */
export function standingOf(records: readonly Registered[], hash: string, now: string): Standing {
  const at = records.findIndex(({ grant, isSealed }) => isSealed && grant === hash)
  const record = records[at]
  if (!record) return { closed: 'not in the register of activations' }
  const later = records.slice(0, at)
  const withdrawn = [...later, record].find(({ isWithdrawn }) => isWithdrawn)
  if (withdrawn) return { closed: `withdrawn on ${dayOf(withdrawn.changedAt)}` }
  if (record.endsAt <= now) return { closed: `ended on ${dayOf(record.endsAt)}` }
  const successor = later.at(-1)
  if (!successor) return { until: record.endsAt }
  const until = addSeconds(successor.createdAt, SUPERSEDED_SECONDS)
  if (until <= now) return { closed: `superseded on ${dayOf(successor.createdAt)}` }
  return { until: until < record.endsAt ? until : record.endsAt }
}

const dayOf = (time: string): string => time.slice(0, 10)
