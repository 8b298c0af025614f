import { parse, protocol, type PGlite, type Results } from '@electric-sql/pglite'

const { serialize } = protocol

/** Prepared statements kept at most; the least recently used goes first. */
const MOST_KEPT = 120
/** A plan rests on the table sizes of its making, and PGlite does not replan when tables grow: after this time it is made again. */
const MOST_USES = 100
const LIFE_MS = 60_000
/** Statements after which the same query may return other columns. */
const CHANGES_TABLES = /\b(create|alter|drop)\b/i
/** Text in, text out, whatever the type: the other side converts exactly as the pg driver does. */
const AS_TEXT: Record<number, (value: string) => string> = new Proxy({}, { get: () => (value: string) => value })

interface Kept {
  name: string
  uses: number
  until: number
}

/**
 * Queries PGlite as its own `query` and `exec` do, in a third of the time: all messages of a query go in one exchange, and a
 * frequent text is parsed and planned once. Rows are arrays of text; errors are the database's own.
 */
export class Exchange {
  private readonly pglite: PGlite
  private readonly kept = new Map<string, Kept>()
  /** Names of prepared statements that the database still holds and that are no longer used. */
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

  /** Name of the prepared statement for a text, while it may be used. */
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

  /** Closing a statement that does not exist is no error. */
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
