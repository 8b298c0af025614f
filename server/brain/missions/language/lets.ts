import type { MissionDefinition } from '../../domain/mission.ts'
import { namedIn } from '../../expressions/expression.ts'

/** The names of `let` with their expressions, each after those it uses: a stored definition does not keep the order of the file. */
export function letsInOrder(lets: MissionDefinition['let']): [string, string][] {
  const ordered = new Map<string, string>()
  const seen = new Set<string>()
  const visit = (name: string): void => {
    const expression = lets[name]
    if (expression === undefined || seen.has(name)) return
    seen.add(name)
    for (const { variable } of namedIn(expression)) if (Object.hasOwn(lets, variable)) visit(variable)
    ordered.set(name, expression)
  }
  for (const name of Object.keys(lets)) visit(name)
  return [...ordered]
}
