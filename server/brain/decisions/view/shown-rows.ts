import { setBy } from '../../../contract/operations/operation.ts'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import { rowsOf } from './diff-rows.ts'
import { redactorOf } from './redact.ts'

/** The diff of a proposal that no decision was opened for: its rows as one reader may see them, and how many are hidden. */
export function shownRows(
  proposal: Proposal,
  access: ReadAccess,
): { rows: ReturnType<typeof rowsOf>; hiddenRows: number } {
  const hides = redactorOf(proposal, access)
  const rows = rowsOf(proposal, access, (path) => hides(path, valueAt(proposal, path)))
  return { rows, hiddenRows: proposal.operations.flatMap(setBy).length - rows.length }
}

/** By JSON pointer. */
function valueAt(proposal: Proposal, path: string): unknown {
  return path
    .slice(1)
    .split('/')
    .reduce<unknown>(
      (at, part) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined),
      proposal,
    )
}
