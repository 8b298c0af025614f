import type { ThreadQuestion } from './protocol.ts'

/** One client's statements, and where their results go. */
export interface Borrower {
  run(question: ThreadQuestion): Promise<void>
}

interface Asked {
  borrower: Borrower
  question: ThreadQuestion
}

/** Lends the one session of the database: to a statement, or to a transaction until it ends. The others wait in their order. */
export class Lending {
  readonly #rollback: () => Promise<void>
  #waiting: Asked[] = []
  #holder: { borrower: Borrower; transaction: number } | null = null
  #left = new WeakSet<Borrower>()
  #isBusy = false
  #onIdle: (() => void) | null = null

  constructor(rollback: () => Promise<void>) {
    this.#rollback = rollback
  }

  ask(borrower: Borrower, question: ThreadQuestion): void {
    this.#waiting.push({ borrower, question })
    void this.#work()
  }

  /** The borrower is gone: its statements are forgotten, its transaction is rolled back. */
  leave(borrower: Borrower): void {
    this.#left.add(borrower)
    this.#waiting = this.#waiting.filter((asked) => asked.borrower !== borrower)
    void this.#work()
  }

  /** Resolves once the session is free. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve
      void this.#work()
    })
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    for (;;) {
      if (this.#holder && this.#left.has(this.#holder.borrower)) {
        await this.#rollback()
        this.#holder = null
      }
      const asked = this.#next()
      if (!asked) break
      await this.#run(asked)
    }
    this.#isBusy = false
    if (!this.#holder) this.#onIdle?.()
  }

  #next(): Asked | undefined {
    const holder = this.#holder
    const at = this.#waiting.findIndex(
      ({ borrower, question }) =>
        !holder || (borrower === holder.borrower && question.transaction === holder.transaction),
    )
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0]
  }

  async #run({ borrower, question }: Asked): Promise<void> {
    const { transaction, begin, isLast } = question
    if (transaction !== null && begin !== null) this.#holder = { borrower, transaction }
    await borrower.run(question)
    if (isLast) this.#holder = null
  }
}
