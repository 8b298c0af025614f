import type { MissionDefinition } from '../../domain/mission.ts'
import type { Variables } from '../../expressions/environment.ts'
import { allVariables } from '../language/variables.ts'
import type { Knowledge } from './finding.ts'

/** What an expression may name: of `let` those before the one called `before`, all of them when it is null. */
export function variablesAt(
  definition: MissionDefinition,
  knowledge: Knowledge,
  { before, proposed = 0 }: { before: string | null; proposed?: number },
): Variables {
  const names = Object.keys(definition.let)
  const known = before === null ? names : names.slice(0, names.indexOf(before))
  const lets = Object.fromEntries(known.map((name) => [name, definition.let[name] ?? '']))
  return allVariables({ ...definition, let: lets, propose: definition.propose.slice(0, proposed) }, knowledge)
}
