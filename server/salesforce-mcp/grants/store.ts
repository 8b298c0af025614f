import { grantHash, type Grant } from '../../contract/grant.ts'
import { ToolFailure } from '../failure/failure.ts'
import type { Query, Row } from '../org/query.ts'
import type { Register, Registered } from './register.ts'
import { standingOf } from './standing.ts'

/** More than administrators ever activate; the oldest go first. */
const MOST_KNOWN = 1_000
/** A grant is open so long after the last look at the register; then it is opened again, which looks. */
const LOOKED_AT_MS = 5 * 60_000

interface Opened {
  grant: Grant
  /** Milliseconds. */
  until: number
}

/** Grants whose activation stood in the org's register at the last look, by hash; a restart forgets them and they are opened again. */
export class GrantStore {
  readonly #register: Register
  readonly #now: () => Date
  readonly #opened = new Map<string, Opened>()
  /** Grants with an activation in the register, whether they are open or not. */
  readonly #known = new Map<string, Grant>()

  constructor(register: Register, now: () => Date) {
    this.#register = register
    this.#now = now
  }

  /** Gives the grant's hash, and when its activation ends. Throws ToolFailure `inactive` when it is not active. */
  async open(grant: Grant): Promise<{ grant: string; until: string }> {
    return this.#judge(grant, await this.#register.read(grant.mission))
  }

  /** Throws ToolFailure `not-granted` when it is not open. */
  get(hash: string): Grant {
    const opened = this.#opened.get(hash)
    if (opened && this.#now().getTime() < opened.until) return opened.grant
    this.#opened.delete(hash)
    throw new ToolFailure(
      'not-granted',
      'this grant is not open: open it, which looks into the register of activations',
    )
  }

  /** The grant when administrators activated it once, also when it has ended or is withdrawn; null until it was opened, or tried to be. */
  everActivated(hash: string): Grant | null {
    return this.#known.get(hash) ?? null
  }

  /** Asked along with other queries, for `assertActive`. */
  lookingAgain({ mission }: Grant): Query {
    return this.#register.query(mission)
  }

  /** Throws ToolFailure `inactive` unless the grant is active by the rows of `lookingAgain`. */
  assertActive(grant: Grant, rows: readonly Row[]): void {
    this.#judge(grant, this.#register.recordsOf(rows))
  }

  /** Closes every version of a mission until it is opened again. */
  close(mission: string): void {
    for (const [hash, { grant }] of this.#opened) if (grant.mission === mission) this.#opened.delete(hash)
  }

  #judge(grant: Grant, records: readonly Registered[]): { grant: string; until: string } {
    const hash = grantHash(grant)
    if (records.some((record) => record.isSealed && record.grant === hash)) this.#remember(hash, grant)
    const now = this.#now()
    const standing = standingOf(records, hash, now.toISOString())
    if ('closed' in standing) {
      this.#opened.delete(hash)
      throw new ToolFailure('inactive', standing.closed)
    }
    const until = Math.min(Date.parse(standing.until), now.getTime() + LOOKED_AT_MS)
    this.#opened.set(hash, { grant, until })
    return { grant: hash, until: standing.until }
  }

  #remember(hash: string, grant: Grant): void {
    this.#known.delete(hash)
    this.#known.set(hash, grant)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest)
  }
}
