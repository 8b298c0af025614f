import { refusal } from './errors.ts'

/**
 * Whether this org speaks an API version.
 * @param known such as `50.0`, oldest first
 * @throws OrgError GONE (410) for one before the oldest, as for a retired one; NOT_FOUND for any other
 */
export function checkVersion(version: string, known: readonly string[]): void {
  if (known.includes(version)) return
  if (/^\d+\.0$/.test(version) && Number(version) < Number(known[0])) throw refusal.retired(version)
  throw refusal.notFound()
}
