import { ToolFailure } from '../failure/failure.ts'

/** The one switch that stops all writes: looked at before every single request that writes. */
export class WriteSwitch {
  #stopped = false

  get stopped(): boolean {
    return this.#stopped
  }

  stop(): void {
    this.#stopped = true
  }

  start(): void {
    this.#stopped = false
  }

  /** Throws ToolFailure `stopped`. */
  assertOn(): void {
    if (this.#stopped) throw new ToolFailure('stopped', 'all writes are stopped')
  }
}
