import { once } from 'node:events'
import { stringify } from 'csv-stringify'

/** Writes rows as CSV to standard output and waits where the reader is slow. */
export class CsvOutput {
  readonly #rows = stringify()
  readonly #ended: Promise<unknown>

  constructor() {
    this.#ended = once(this.#rows, 'end')
    this.#rows.pipe(process.stdout)
  }

  async write(row: readonly (string | number)[]): Promise<void> {
    if (!this.#rows.write(row)) await once(this.#rows, 'drain')
  }

  async end(): Promise<void> {
    this.#rows.end()
    await this.#ended
  }
}
