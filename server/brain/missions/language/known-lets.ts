import type { MissionDefinition } from '../../domain/mission.ts'
import type { Variables } from '../../expressions/environment.ts'
import { namedIn } from '../../expressions/expression.ts'
import { letsInOrder } from './lets.ts'

/** Those names of `let` that can be worked out from what is known, in order, without those that are known already. */
export function knownLets(lets: MissionDefinition['let'], variables: Variables): [string, string][] {
  const known = new Set(Object.keys(variables))
  return letsInOrder(lets).filter(([name, expression]) => {
    const isNew = !known.has(name) && namedIn(expression).every(({ variable }) => known.has(variable))
    if (isNew) known.add(name)
    return isNew
  })
}
