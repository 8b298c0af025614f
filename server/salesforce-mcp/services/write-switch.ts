import { switchDecision, type StoppableThere } from '../../contract/switch.ts'
import type { DecisionVerifier } from '../approvals/decision-verifier.ts'
import { ToolFailure } from '../failure/failure.ts'

/** The one switch that stops all writes, looked at before every single request that writes; and reading for runs, when asked. */
export class WriteSwitch {
  #writes = true
  #reads = true

  get stopped(): boolean {
    return !this.#writes
  }

  get readsStopped(): boolean {
    return !this.#reads
  }

  stop(what: StoppableThere): void {
    this.#writes = false
    if (what === 'all') this.#reads = false
  }

  /**
   * Starts what an administrator's token is for, which the org signed within the last minute and which was not used before.
   * Throws ToolFailure `refused`; then everything stays as it is.
   */
  async start(token: string, desk: DecisionVerifier): Promise<void> {
    const { claims } = await desk.accept(token)
    if (claims.verb !== 'start-writes') throw refusal(`is for the verb ${claims.verb}`)
    if (!claims.permissions.includes('Administer_Missions')) throw refusal('is not an administrator’s')
    if (claims.decisionId === switchDecision('all')) this.#reads = true
    else if (claims.decisionId !== switchDecision('writes')) throw refusal('is for something else')
    this.#writes = true
  }

  /** Throws ToolFailure `stopped`. */
  assertOn(): void {
    if (!this.#writes) throw new ToolFailure('stopped', 'all writes are stopped')
  }

  /** Throws ToolFailure `stopped`. */
  assertReadsOn(): void {
    if (!this.#reads) throw new ToolFailure('stopped', 'reading for runs is stopped')
  }
}

const refusal = (why: string): ToolFailure => new ToolFailure('refused', `the decision token ${why}`)
