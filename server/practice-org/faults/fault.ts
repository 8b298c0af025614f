import { z } from 'zod'
import { chanceFrom } from '../seed/chance.ts'

/** Which calls a fault hits; every given part must match. */
const Match = z.strictObject({
  /** Start of the URL path. */
  path: z.string().optional(),
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

export type FaultMode = Exclude<NonNullable<FaultOrder['mode']>, 'clear'>

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

interface Armed extends Fault {
  match: FaultOrder['match']
  skip: number
  left: number
  chance: number
  random: () => number
}

/** The faults in force. Several can hit one call; `slow` then delays whatever else happens. */
export class Faults {
  private armed: Armed[] = []

  arm(order: FaultOrder): void {
    if (order.mode === 'clear') this.armed = []
    if (order.mode === undefined || order.mode === 'clear') return
    const { mode, match, skip, chance, ms } = order
    const source = chanceFrom(order.seed)
    this.armed.push({
      mode,
      match,
      skip,
      chance,
      ms,
      left: order.count ?? Infinity,
      random: () => source.between(0, 999_999) / 1_000_000,
    })
  }

  clear(): void {
    this.armed = []
  }

  get none(): boolean {
    return this.armed.length === 0
  }

  /** The faults that hit this call, used up by one. */
  hit(call: CallFacts): Fault[] {
    const hitting = this.armed.filter((fault) => matches(fault, call) && begun(fault) && fault.random() < fault.chance)
    for (const fault of hitting) fault.left -= 1
    this.armed = this.armed.filter((fault) => fault.left > 0)
    return hitting.map(({ mode, ms }) => ({ mode, ms }))
  }

  /** The whole org is down, not only some of its calls. */
  get isDown(): boolean {
    return this.armed.some(
      ({ mode, match, chance }) => mode === 'down' && chance === 1 && Object.keys(match).length === 0,
    )
  }

  list(): { mode: FaultMode; match: FaultOrder['match']; left: number | null }[] {
    return this.armed.map(({ mode, match, left }) => ({ mode, match, left: Number.isFinite(left) ? left : null }))
  }
}

/** Counts a matching call; true once enough have passed. */
function begun(fault: Armed): boolean {
  if (fault.skip === 0) return true
  fault.skip -= 1
  return false
}

function matches({ match }: Armed, call: CallFacts): boolean {
  const { path, method, soapAction, bodyContains, client } = match
  if (path !== undefined && !call.path.startsWith(path)) return false
  if (method !== undefined && call.method !== method) return false
  if (client !== undefined && call.client !== client) return false
  if (soapAction !== undefined && call.soapAction !== soapAction) return false
  return bodyContains === undefined || call.body.includes(bodyContains)
}
