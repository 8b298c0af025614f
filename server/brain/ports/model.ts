import type { TokenPrice } from '../../contract/values/money.ts'
import type { ScreenedInput } from '../domain/screening/screened-input.ts'

export interface ModelQuestion {
  instructions: string
  input: ScreenedInput
  /** JSON Schema of the wanted answer. */
  schema: Record<string, unknown>
}

export interface TokensUsed {
  input: number
  output: number
}

interface ModelAnswer {
  /** Should be JSON of the requested schema. */
  text: string
  /** The model that answered, by the endpoint's word. */
  model: string
  tokens: TokensUsed
}

/** A language model behind any OpenAI-compatible endpoint. It only ever answers; it has no tools. */
export interface LanguageModel {
  /** What answers are attributed to, e.g. `gpt-x`. */
  readonly name: string
  /** Base URL, without credentials. */
  readonly endpoint: string
  /** Prices of its tokens; absent or null where the settings name no price. */
  readonly price?: TokenPrice | null
  /** One answer of at most so many tokens; the caller parses its text. Throws ModelUnavailable when there is none. */
  answer(question: ModelQuestion, bounds: { mostTokens: number; signal?: AbortSignal }): Promise<ModelAnswer>
}
