import type { CommitTimes } from '../../../contract/commit-times/commit-times.ts'
import type { MissionDefinition } from '../../domain/mission.ts'

/** The times that a grant keeps; nothing where any time will do. */
export function commitTimesOf({ commit }: Pick<MissionDefinition, 'commit'>): { commit?: CommitTimes } {
  if (!commit || commit.zone === undefined || (!commit.windows && !commit.freeze)) return {}
  const { windows, freeze, zone } = commit
  return { commit: { ...(windows && { windows }), ...(freeze && { freeze }), zone } }
}
