// When a change set may be written, by the grant, by itself and by the clock of this server.
import type { SealedDocument } from '../../contract/change-set.ts'
import { isWritable, writableFrom } from '../../contract/commit-times/due.ts'
import { localTime } from '../../contract/commit-times/local-time.ts'
import type { Grant } from '../../contract/grant.ts'
import { ToolFailure } from '../failure/failure.ts'

type Terms = Parameters<typeof isWritable>[0]

export const termsOf = ({ notBefore }: SealedDocument, { commit }: Grant): Terms => ({
  ...(commit && { times: commit }),
  ...(notBefore !== undefined && { notBefore }),
})

/** Throws ToolFailure `too-early`, which says from when on it may be written. */
export function assertInTime(document: SealedDocument, grant: Grant, now: Date): void {
  const at = now.toISOString()
  const terms = termsOf(document, grant)
  if (isWritable(terms, at, localTime)) return
  const until = writableFrom(terms, at, localTime)
  throw new ToolFailure('too-early', `it is written from ${until ?? 'no time'} on`, until === null ? {} : { until })
}
