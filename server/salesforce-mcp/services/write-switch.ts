import { missionStopped, StoppableThere, switchDecision } from '../../contract/switch.ts'
import type { DecisionVerifier } from '../approvals/decision-verifier.ts'
import { ToolFailure } from '../failure/failure.ts'

interface Position {
  writes: boolean
  reads: boolean
  /** Missions whose writes are stopped. */
  missions: Set<string>
}

/** The one switch that stops all writes or those of a mission, looked at before every single request that writes; and reading for runs. */
export class WriteSwitch {
  readonly #position: Position
  readonly #mission: string | null

  constructor(position: Position = { writes: true, reads: true, missions: new Set() }, mission: string | null = null) {
    this.#position = position
    this.#mission = mission
  }

  /** The same switch, as one mission's requests look at it. */
  ofMission(mission: string): WriteSwitch {
    return new WriteSwitch(this.#position, mission)
  }

  get stopped(): boolean {
    return !this.#position.writes
  }

  get readsStopped(): boolean {
    return !this.#position.reads
  }

  get missionsStopped(): string[] {
    return [...this.#position.missions].sort()
  }

  stop(what: StoppableThere): void {
    const mission = missionStopped(what)
    if (mission !== null) {
      this.#position.missions.add(mission)
      return
    }
    this.#position.writes = false
    if (what === 'all') this.#position.reads = false
  }

  /**
   * Starts what an administrator's token is for, which the org signed within the last minute and which was not used before.
   * Throws ToolFailure `refused`; then everything stays as it is.
   */
  async start(token: string, desk: DecisionVerifier): Promise<void> {
    const { claims } = await desk.accept(token)
    if (claims.verb !== 'start-writes') throw refusal(`is for the verb ${claims.verb}`)
    if (!claims.permissions.includes('Administer_Missions')) throw refusal('is not an administrator’s')
    const what = StoppableThere.safeParse(claims.decisionId.replace(/^switch:/, ''))
    if (!what.success || claims.decisionId !== switchDecision(what.data)) throw refusal('is for something else')
    const mission = missionStopped(what.data)
    if (mission !== null) {
      this.#position.missions.delete(mission)
      return
    }
    if (what.data === 'all') this.#position.reads = true
    this.#position.writes = true
  }

  /** Throws ToolFailure `stopped`, or `contained` when the writes of the mission are stopped. */
  assertOn(): void {
    const { writes, missions } = this.#position
    if (!writes) throw new ToolFailure('stopped', 'all writes are stopped')
    if (this.#mission !== null && missions.has(this.#mission))
      throw new ToolFailure('contained', `writes of ${this.#mission} are stopped`)
  }

  /** Throws ToolFailure `stopped`. */
  assertReadsOn(): void {
    if (!this.#position.reads) throw new ToolFailure('stopped', 'reading for runs is stopped')
  }
}

const refusal = (why: string): ToolFailure => new ToolFailure('refused', `the decision token ${why}`)
