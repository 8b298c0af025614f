import { ANY_DECIDER } from '../../contract/gate/lines.ts'
import type { Grant } from '../../contract/grant.ts'
import { ToolFailure } from '../failure/failure.ts'
import { peopleOf } from '../org/roster.ts'
import type { Tool } from '../services/services.ts'

export const resolveRoster: Tool<'resolveRoster'> = async ({ grant, from }, { services, count }) => {
  if (!isAskedBy(services.grants.get(grant), from))
    throw new ToolFailure('not-granted', `no gate line of the grant asks ${from}`)
  return { users: await peopleOf(from, { reader: services.reader, count }), calls: count.calls }
}

/** The people who may decide stand behind every gate line. */
function isAskedBy({ gate }: Grant, from: string): boolean {
  return (
    from === ANY_DECIDER ||
    gate.some((line) => 'asks' in line && [...line.asks, ...(line.then ?? [])].some((roster) => roster.from === from))
  )
}
