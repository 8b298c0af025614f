import { OrgError } from '../../../org/org.ts'
import { BadBatch } from './columns.ts'
import type { Progress } from './job.ts'

/** Something that runs in the background of other calls; its states are those of Bulk API 2.0. */
export interface Running extends Progress {
  state: string
}

export interface RunnerPort {
  now: () => number
  onError: (error: unknown) => void
}

/** Runs steps one at a time, letting other calls be answered between them. */
export class Runner {
  readonly now: () => number
  private readonly onError: (error: unknown) => void
  private closed = false

  constructor({ now, onError }: RunnerPort) {
    this.now = now
    this.onError = onError
  }

  /** Runs until the steps end, fail, or the job is aborted. `keep` saves the job whenever its state changes; `after` follows its end. */
  run(job: Running, steps: Generator<void>, keep: () => void, after: () => void = () => {}): void {
    const step = (): void => {
      if (this.closed || job.state === 'Aborted') return
      if (job.state !== 'InProgress') this.set(job, 'InProgress', keep)
      job.startedAt ??= this.now()
      const began = performance.now()
      const done = this.advance(job, steps, keep)
      job.activeMs += Math.round(performance.now() - began)
      if (!done) return void setImmediate(step)
      job.endedAt = this.now()
      keep()
      after()
    }
    setImmediate(step)
  }

  /** Ends the job where it is. */
  abort(job: Running, keep: () => void): void {
    job.endedAt = this.now()
    this.set(job, 'Aborted', keep)
  }

  /** Stops everything at its next step, without a word in the org's file: what was kept goes on at the next start. */
  close(): void {
    this.closed = true
  }

  set(job: Running, state: string, keep: () => void): void {
    job.state = state
    job.changedAt = this.now()
    keep()
  }

  private advance(job: Running, steps: Generator<void>, keep: () => void): boolean {
    try {
      const { done } = steps.next()
      if (done) this.set(job, 'JobComplete', keep)
      return done === true
    } catch (error) {
      const known = error instanceof BadBatch || error instanceof OrgError
      if (!known) this.onError(error)
      job.errorMessage = known ? error.message : 'UNKNOWN_EXCEPTION : An unexpected error occurred.'
      this.set(job, 'Failed', keep)
      return true
    }
  }
}
