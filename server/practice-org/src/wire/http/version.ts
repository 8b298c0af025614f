import { API_VERSIONS, isRetired, retiredText } from '../../org/api-versions.ts'
import { refusal } from './errors.ts'

/**
 * Throws OrgError GONE (410) when the version was retired, NOT_FOUND when the org does not speak it for another reason.
 * @param version such as `50.0`
 */
export function checkVersion(version: string): void {
  if (API_VERSIONS.includes(version)) return
  throw isRetired(version) ? refusal.retired(retiredText(version)) : refusal.notFound()
}
