import { faultsOf } from '../../../contract/commit-times/commit-times.ts'
import { localTime } from '../../../contract/commit-times/local-time.ts'
import type { MissionDefinition } from '../../domain/mission.ts'
import { checkExpression } from '../../expressions/expression.ts'
import { commitTimesOf } from '../language/commit-times.ts'
import type { Finding, Knowledge } from './finding.ts'
import { variablesAt } from './variables-at.ts'

/** Times that cannot be kept, a zone that is missing, and a `notBefore` that cannot be computed. */
export function commitFindings(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  const { commit } = definition
  if (!commit) return []
  const { windows, freeze, zone, notBefore } = commit
  const isTimed = windows !== undefined || freeze !== undefined
  if (!isTimed && notBefore === undefined)
    return [{ path: ['commit'], message: 'say when: windows, freeze or notBefore' }]
  if (isTimed && zone === undefined)
    return [{ path: ['commit'], message: 'say by the clocks of which zone, e.g. zone: Europe/Berlin' }]
  const { commit: times } = commitTimesOf(definition)
  const variables = variablesAt(definition, knowledge, { before: null })
  return [
    ...(times ? faultsOf(times, localTime) : []).map(({ part, message }) => ({ path: ['commit', ...part], message })),
    ...(notBefore === undefined ? [] : checkExpression(notBefore, variables, 'value')).map((message) => ({
      path: ['commit', 'notBefore'],
      message,
    })),
  ]
}
