/** Half of a row in view for this long counts as seen; it is a nudge and a record, not a proof of attention. */
const LOOK_MS = 600

/** Reports the rows that stayed in view long enough while the page was visible. */
export class VisibleRows {
  private readonly report: (key: string) => void
  private readonly timers = new Map<Element, ReturnType<typeof setTimeout>>()
  private readonly watched = new Set<Element>()
  private observer: IntersectionObserver | null = null

  constructor(report: (key: string) => void) {
    this.report = report
  }

  watch(rows: Iterable<HTMLElement>): void {
    if (typeof IntersectionObserver === 'undefined') return
    this.observer ??= new IntersectionObserver((entries) => entries.forEach((entry) => this.look(entry)), {
      threshold: 0.5,
    })
    for (const row of rows) {
      if (this.watched.has(row)) continue
      this.watched.add(row)
      this.observer.observe(row)
    }
  }

  stop(): void {
    this.observer?.disconnect()
    this.observer = null
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
    this.watched.clear()
  }

  private look({ target, isIntersecting }: IntersectionObserverEntry): void {
    clearTimeout(this.timers.get(target))
    this.timers.delete(target)
    if (!isIntersecting) return
    const timer = setTimeout(() => {
      const key = target instanceof HTMLElement ? target.dataset.key : undefined
      if (key && !document.hidden) this.report(key)
    }, LOOK_MS)
    this.timers.set(target, timer)
  }
}
