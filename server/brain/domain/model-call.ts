/** One call of a language model: numbers and names, never what was asked or answered. Its request's hash is the journal's. */
export interface ModelCall {
  at: string
  runId: string
  mission: string
  phase: string
  /** Key of the journal under which the answer is kept. */
  key: string
  /** User who launched the run; null for an event. */
  by: string | null
  /** What began the run, e.g. `change Lead.created`. */
  route: string
  /** SHA-256 of instructions and input. */
  queryDigest: string
  /** The permission by which the launcher could; null for an event. */
  role: string | null
  /** The model in the settings. */
  asked: string
  /** Number of the record of that model. */
  release: number
  /** The model that answered, by the endpoint's word; null without an answer. */
  answered: string | null
  /** `stopped`: broken off by the switch. */
  outcome: 'answered' | 'failed' | 'stopped'
  inputTokens: number
  outputTokens: number
  milliseconds: number
  /** Millionths of the currency; 0 without a price. */
  costMicros: number
  currency: string | null
  /** Names of the signs of injection in texts that were withheld from it. */
  injectionSigns: string[]
}

/** What became of a model's claims in one run. */
export interface ModelClaims {
  agreed: number
  disagreed: number
  /** Claims that cited nothing that was read. */
  dropped: number
}

/** True when an endpoint answered with another model than the settings name. An alias is answered by a dated version of it. */
export const isAnotherModel = ({ asked, answered }: { asked: string; answered: string }): boolean =>
  answered !== asked && !answered.startsWith(`${asked}-`)
