import { BrainProblem } from 'c/missionSession'

/** Why there is no list, in words. */
export function troubleOf(error: unknown): string {
  const detail = error instanceof Error ? error.message : 'Unknown trouble.'
  const isForbidden = error instanceof BrainProblem && error.status === 403
  return isForbidden ? `You may not see decisions here: ${detail}` : `Decisions could not be loaded. ${detail}`
}

/** What is announced after an answer. */
export const said: Record<string, string> = {
  approved: 'Approved. Nothing is written before the hold is over.',
  rejected: 'Rejected. Nothing was written.',
  'taken back': 'Taken back. Nothing was written.',
}
