/** Does the work of one stream in order: at once, unless something before it is still under way. */
export class SerialQueue {
  private last: Promise<void> | undefined

  take(work: () => void | Promise<void>): void {
    const begun = this.last ? this.last.then(work) : work()
    if (!begun) return
    const mine: Promise<void> = begun.finally(() => {
      if (this.last === mine) this.last = undefined
    })
    this.last = mine
  }
}
