/** Moves this process's clock; its timers and `performance.now()` go on as before. */
export function moveClock(offsetMs: number): void {
  const Real = Date
  class MovedDate extends Real {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(Real.now() + offsetMs)
      else super(...(given as [string]))
    }
    static override now(): number {
      return Real.now() + offsetMs
    }
  }
  globalThis.Date = MovedDate as DateConstructor
}
