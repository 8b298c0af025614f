// Where the value of an expression comes from: worked out from what it names, never written by a mission.
import type { Source } from '../../../contract/operations/fields.ts'
import { isTainted } from '../../../contract/operations/source.ts'
import { namedIn } from '../../expressions/expression.ts'
import type { Sources } from './question.ts'

const MOST_CHARACTERS = 190

/**
 * The weakest source of what the expression names: a model's word before a text, a text before everything else. A member alone keeps
 * its own source; more than one give a computed value; none gives the mission's own.
 */
export function sourceOf(expression: string, sources: Sources): Source {
  const named = namedIn(expression)
  const all = named.map(({ variable, member }) => sourceOfMember(sources[variable], member))
  const tainted = taintOf(all)
  if (tainted !== null) return tainted
  const [only] = all
  if (named.length === 0) return 'rule:as the mission says'
  const isMember = named.length === 1 && /^[\w.]+$/.test(expression.trim())
  return isMember && only !== undefined ? only : `computed:${expression.slice(0, MOST_CHARACTERS).toWellFormed()}`
}

/** The weakest source among them that always needs a person; null when there is none. */
export function taintOf(sources: readonly Source[]): Source | null {
  return sources.find((each) => each.startsWith('model(')) ?? sources.find(isTainted) ?? null
}

function sourceOfMember(of: Readonly<Record<string, Source>> | undefined, member: string | null): Source {
  if (member === null) return (of && taintOf(Object.values(of))) ?? of?.[''] ?? 'rule:as the mission says'
  return of?.[member] ?? of?.[''] ?? 'rule:as the mission says'
}
