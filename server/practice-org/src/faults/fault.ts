import { z } from 'zod'
import { chanceFrom } from '../org/chance.ts'

/** Which calls a fault hits; every given part must match. */
const Match = z.strictObject({
  /** Start of the URL path; that of a gRPC call is `/eventbus.v1.PubSub/Publish`. */
  path: z.string().optional(),
  /** Of HTTP; a message of a gRPC client is a POST; `EVENT` is one event on its way to a gRPC subscriber. */
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .optional(),
  /** Name of the SOAP call, e.g. `merge`. */
  soapAction: z.string().optional(),
  bodyContains: z.string().optional(),
  /** `client=` of the call options, over REST or SOAP. */
  client: z.string().optional(),
})

/**
 * What goes wrong, as `POST /practice/faults` takes it. `cut-before` drops the connection before anything is done,
 * `cut-after` once the write stands; `withhold` does the work and answers `ms` later; `lock` refuses writes with UNABLE_TO_LOCK_ROW; `limit` says the daily API
 * allowance is used up; `clear` ends every fault.
 */
export const FaultOrder = z.strictObject({
  mode: z
    .enum(['down', 'slow', 'cut-before', 'cut-after', 'withhold', 'lock', 'limit', 'expire-sessions', 'clear'])
    .optional(),
  match: Match.default({}),
  /** Matching calls that pass before it begins. */
  skip: z.number().int().min(0).default(0),
  /** How many calls it hits before it is over; without it, until `clear`. */
  count: z.number().int().positive().optional(),
  /** Probability, 0 to 1, drawn from `seed`, so that a run of failures can be repeated. */
  chance: z.number().min(0).max(1).default(1),
  seed: z.number().int().default(1),
  /** Delay of `slow` and `withhold`, in milliseconds. */
  ms: z.number().int().min(0).max(600_000).default(1000),
  /** How far the search index runs behind. */
  searchLagSeconds: z.number().min(0).optional(),
})
export type FaultOrder = z.infer<typeof FaultOrder>

const MODES = ['down', 'slow', 'cut-before', 'cut-after', 'withhold', 'lock', 'limit', 'expire-sessions'] as const
export type FaultMode = (typeof MODES)[number]

/** A fault as far as it is used up: what `GET /practice/faults` lists, and what outlives the process. */
export const FaultState = z.strictObject({
  mode: z.enum(MODES),
  match: Match,
  /** Matching calls that still pass. */
  skip: z.number().int(),
  /** Calls it will still hit; null until `clear`. */
  left: z.number().int().nullable(),
  chance: z.number(),
  seed: z.number().int(),
  /** How often `chance` was drawn. */
  drawn: z.number().int(),
  ms: z.number().int(),
})
export type FaultState = z.infer<typeof FaultState>

/** What a fault can be matched against. */
export interface CallFacts {
  path: string
  method: string
  soapAction: string | undefined
  client: string | undefined
  body: string
}

export interface Fault {
  mode: FaultMode
  ms: number
}

/** The method of what an org sends by itself: an order must name it, or it would hit what answers a call it names. */
const EVENT = 'EVENT'
const CERTAIN = 1_000_000

class Armed {
  readonly state: FaultState
  private readonly source: ReturnType<typeof chanceFrom>

  constructor(state: FaultState) {
    this.state = { ...state }
    this.source = chanceFrom(state.seed)
    for (let draw = 0; draw < state.drawn; draw += 1) this.source.between(0, CERTAIN - 1)
  }

  /** Counts a matching call; whether it is hit. */
  meets(): boolean {
    const { state } = this
    if (state.skip > 0) {
      state.skip -= 1
      return false
    }
    if (state.chance < 1) {
      state.drawn += 1
      if (this.source.between(0, CERTAIN - 1) / CERTAIN >= state.chance) return false
    }
    if (state.left !== null) state.left -= 1
    return true
  }
}

/** The faults in force. Several can hit one call; `slow` then delays whatever else happens. */
export class Faults {
  private armed: Armed[]
  private readonly keep: (faults: FaultState[]) => void

  /** @param keep told of every change, so that faults outlive the process */
  constructor(known: FaultState[] = [], keep: (faults: FaultState[]) => void = () => {}) {
    this.armed = known.map((state) => new Armed(state))
    this.keep = keep
  }

  arm(order: FaultOrder): void {
    const { mode, match, skip, chance, seed, ms, count } = order
    if (mode === 'clear') this.clear()
    if (mode === undefined || mode === 'clear') return
    this.armed.push(new Armed({ mode, match, skip, chance, seed, ms, left: count ?? null, drawn: 0 }))
    this.keep(this.list())
  }

  clear(): void {
    this.armed = []
    this.keep([])
  }

  get none(): boolean {
    return this.armed.length === 0
  }

  /**
   * The faults that hit this call, used up by one.
   * @param concerned modes that mean something here; the others pass it by, none of their calls counted
   */
  hit(call: CallFacts, concerned: (mode: FaultMode) => boolean = () => true): Fault[] {
    const matching = this.armed.filter(({ state }) => concerned(state.mode) && matches(state, call))
    if (matching.length === 0) return []
    const isCounted = matching.some(({ state }) => state.skip > 0 || state.left !== null || state.chance < 1)
    const hitting = matching.filter((fault) => fault.meets())
    this.armed = this.armed.filter(({ state }) => state.left === null || state.left > 0)
    if (isCounted) this.keep(this.list())
    return hitting.map(({ state: { mode, ms } }) => ({ mode, ms }))
  }

  /** The whole org is down until further notice, not only some of its calls. */
  get isDown(): boolean {
    return this.armed.some(
      ({ state: { mode, match, chance, left, skip } }) =>
        mode === 'down' && chance === 1 && left === null && skip === 0 && Object.keys(match).length === 0,
    )
  }

  list(): FaultState[] {
    return this.armed.map(({ state }) => ({ ...state }))
  }
}

function matches({ match }: FaultState, call: CallFacts): boolean {
  const { path, method, soapAction, bodyContains, client } = match
  if (path !== undefined && !call.path.startsWith(path)) return false
  if (call.method === EVENT && method !== EVENT) return false
  if (method !== undefined && call.method !== method) return false
  if (client !== undefined && call.client !== client) return false
  if (soapAction !== undefined && call.soapAction !== soapAction) return false
  return bodyContains === undefined || call.body.includes(bodyContains)
}
