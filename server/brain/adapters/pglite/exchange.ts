import { parse, protocol, type PGlite, type Results } from '@electric-sql/pglite'

const { serialize } = protocol

/** Statements that are kept parsed; the one asked longest ago goes first. */
const MOST_KEPT = 120
/** A plan fits the tables as large as they were when it was made, and nothing here tells it that they grew: it is made anew in time. */
const MOST_USES = 100
const LIFE_MS = 60_000
/** After these an answer may have other columns than before. */
const CHANGES_TABLES = /\b(create|alter|drop)\b/i
/** Text in, text out, whatever the type: the other side converts exactly as the pg driver does. */
const AS_TEXT: Record<number, (value: string) => string> = new Proxy({}, { get: () => (value: string) => value })

interface Kept {
  name: string
  uses: number
  until: number
}

/**
 * Asks PGlite as its own `query` and `exec` do, for a third of the time: a question's messages go in one exchange, and the
 * text of what is asked often is parsed and planned once for many times. Rows are arrays of text; errors are the database's own.
 */
export class Exchange {
  private readonly pglite: PGlite
  private readonly kept = new Map<string, Kept>()
  /** Names the database still knows and nobody uses. */
  private given: string[] = []
  private names = 0

  constructor(pglite: PGlite) {
    this.pglite = pglite
  }

  /** A simple query, which may hold several statements. */
  async simple(text: string): Promise<Results[]> {
    if (CHANGES_TABLES.test(text)) this.forgetAll()
    return this.sent([serialize.query(text)])
  }

  /** One statement with parameters as text. */
  async asked(text: string, values: (string | null)[]): Promise<Results[]> {
    const known = this.known(text)
    const name = known ?? `q${++this.names}`
    const before = known === undefined ? [...this.closing(), serialize.parse({ text, name })] : []
    try {
      const results = await this.sent([
        ...before,
        serialize.bind({ statement: name, values }),
        serialize.describe({ type: 'P' }),
        serialize.execute({}),
        serialize.sync(),
      ])
      if (known === undefined) this.keep(text, name)
      return results
    } catch (error) {
      if (known === undefined) this.given.push(name)
      throw error
    }
  }

  /** The name under which a text is kept, while it may be used. */
  private known(text: string): string | undefined {
    const found = this.kept.get(text)
    if (!found) return undefined
    this.kept.delete(text)
    if (++found.uses > MOST_USES || performance.now() > found.until) {
      this.given.push(found.name)
      return undefined
    }
    this.kept.set(text, found)
    return found.name
  }

  private keep(text: string, name: string): void {
    this.kept.set(text, { name, uses: 1, until: performance.now() + LIFE_MS })
    const [oldest] = this.kept
    if (this.kept.size <= MOST_KEPT || !oldest) return
    this.kept.delete(oldest[0])
    this.given.push(oldest[1].name)
  }

  private forgetAll(): void {
    for (const { name } of this.kept.values()) this.given.push(name)
    this.kept.clear()
  }

  /** Closing what is not there is no error. */
  private closing(): Uint8Array[] {
    const messages = this.given.map((name) => serialize.close({ type: 'S', name }))
    this.given = []
    return messages
  }

  private async sent(messages: Uint8Array[]): Promise<Results[]> {
    const answer = await this.pglite.runExclusive(() =>
      this.pglite.execProtocolStream(Buffer.concat(messages), { syncToFs: false, throwOnError: true }),
    )
    await this.pglite.syncToFs()
    return parse.parseResults(answer, AS_TEXT, { rowMode: 'array' })
  }
}
