import { ToolFailure } from '../failure/failure.ts'

/** Salesforce API calls of one tool call; describe and token calls are not among them, they are cached across runs. */
export class CallCount {
  #calls = 0
  #overhead = 0
  #isEnded = false
  readonly #ledger: CallLedger
  readonly #run: string | null

  constructor(ledger: CallLedger, run: string | null) {
    this.#ledger = ledger
    this.#run = run
  }

  get calls(): number {
    return this.#calls
  }

  get overhead(): number {
    return this.#overhead
  }

  /** Throws ToolFailure `unavailable` once the call has ended. */
  add(): void {
    this.#assertOpen()
    this.#calls += 1
    if (this.#run !== null) this.#ledger.add(this.#run)
  }

  addOverhead(): void {
    this.#assertOpen()
    this.#overhead += 1
  }

  /** From now on the call asks the org nothing more. */
  end(): void {
    this.#isEnded = true
  }

  #assertOpen(): void {
    if (this.#isEnded) throw new ToolFailure('unavailable', 'the call has ended')
  }
}

const RUNS_REMEMBERED = 10_000

/** Calls per run, for the newest runs. */
export class CallLedger {
  readonly #byRun = new Map<string, number>()

  add(run: string): void {
    const calls = this.#byRun.get(run) ?? 0
    this.#byRun.delete(run)
    this.#byRun.set(run, calls + 1)
    const oldest = this.#byRun.keys().next()
    if (this.#byRun.size > RUNS_REMEMBERED && !oldest.done) this.#byRun.delete(oldest.value)
  }

  of(run: string): number {
    return this.#byRun.get(run) ?? 0
  }
}
