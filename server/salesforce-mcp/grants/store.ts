import { checkExpression } from '../../contract/gate/expression.ts'
import { grantHash, type Grant } from '../../contract/grant.ts'
import type { AcceptedDecision } from '../../contract/approval-token.ts'
import type { DecisionVerifier } from '../approvals/decision-verifier.ts'
import { ToolFailure } from '../failure/failure.ts'

/** Grants that an administrator activated in the org, by hash; a restart forgets them and they are opened again. */
export class GrantStore {
  readonly #desk: DecisionVerifier
  readonly #opened = new Map<string, Grant>()

  constructor(desk: DecisionVerifier) {
    this.#desk = desk
  }

  /** Gives the grant's hash. Throws ToolFailure: `not-granted` when the activation is not for this grant. */
  async open(grant: Grant, activation: AcceptedDecision): Promise<string> {
    const claims = await this.#desk.recall(activation)
    const hash = grantHash(grant)
    const name = `mission:${grant.mission}@${grant.version}`
    if (claims.verb !== 'activate') throw closed(`a decision to ${claims.verb} does not activate a mission`)
    if (claims.decisionId !== name) throw closed(`the activation is for ${claims.decisionId}, not ${name}`)
    if (claims.digest !== hash) throw closed(`the activation of ${name} is for another grant`)
    if (!claims.permissions.includes('Administer_Missions'))
      throw closed('only Administer_Missions activates a mission')
    for (const line of grant.gate) if ('when' in line) assertExpression(line.when)
    this.#opened.set(hash, grant)
    return hash
  }

  /** Throws ToolFailure `not-granted` when it was not opened. */
  get(hash: string): Grant {
    const grant = this.#opened.get(hash)
    if (!grant) throw closed('this grant is not open: open it with the activation of an administrator')
    return grant
  }
}

/** An activated line that cannot be judged in bounded time, or at all, is no line. */
function assertExpression(expression: string): void {
  const [wrong] = checkExpression(expression)
  if (wrong !== undefined) throw closed(`a gate line cannot be judged: ${wrong}`)
}

function closed(reason: string): ToolFailure {
  return new ToolFailure('not-granted', reason)
}
