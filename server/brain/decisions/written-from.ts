// When an approved decision may be written, by its mission's grant and by itself; salesforce-mcp judges the same by its own clock.
import { writableFrom } from '../../contract/commit-times/due.ts'
import { localTime } from '../../contract/commit-times/local-time.ts'
import { secondsBetween } from '../../contract/values/instant.ts'
import type { ChangeSetVersion } from '../domain/decision.ts'
import type { MissionVersion } from '../domain/mission.ts'

/** The first such time at or after `at`. What puts an earlier change back waits for none. */
export function writtenFrom(
  { grant }: Pick<MissionVersion, 'grant'>,
  { proposal }: Pick<ChangeSetVersion, 'proposal'>,
  at: string,
): string {
  if (proposal.undoes) return at
  const { notBefore } = proposal
  const terms = { ...(grant.commit && { times: grant.commit }), ...(notBefore !== undefined && { notBefore }) }
  return writableFrom(terms, at, localTime) ?? at
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const DAY_SECONDS = 86_400

/** `Monday 2026-11-30 18:00 (Europe/Berlin)`, by the clocks of the mission's zone. */
export function whenInWords({ grant }: Pick<MissionVersion, 'grant'>, at: string): string {
  const zone = grant.commit?.zone ?? 'UTC'
  const wall = localTime(zone, at) ?? at
  const days = Math.floor(secondsBetween('1970-01-04T00:00:00.000Z', wall) / DAY_SECONDS)
  return `${DAYS[((days % 7) + 7) % 7]} ${wall.slice(0, 10)} ${wall.slice(11, 16)} (${zone})`
}
