/** Counts a thread's turns of its event loop, in memory that another thread reads. */
export type Beats = Int32Array<SharedArrayBuffer>

const BEAT_MS = 250

export function newBeats(): Beats {
  return new Int32Array(new SharedArrayBuffer(4))
}

/** Beats for as long as this thread's event loop turns. */
export function keepBeating(beats: Beats): void {
  setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS).unref()
}

/** How long a thread has stood still, by the ticks of the thread that watches it: suspended time does not count. */
export class Standstill {
  readonly #beats: Beats
  #last: number
  #ticks = 0

  constructor(beats: Beats) {
    this.#beats = beats
    this.#last = Atomics.load(beats, 0)
  }

  /** To be called at an even pace. Returns for how many calls in a row the thread has not beaten. */
  tick(): number {
    const now = Atomics.load(this.#beats, 0)
    this.#ticks = now === this.#last ? this.#ticks + 1 : 0
    this.#last = now
    return this.#ticks
  }
}
