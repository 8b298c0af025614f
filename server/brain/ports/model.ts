export interface ModelAnswer {
  /** Should be JSON of the requested schema. */
  text: string
  /** The model that answered, by the endpoint's word. */
  model: string
}

/** A language model behind any OpenAI-compatible endpoint. It only ever answers; it has no tools. */
export interface LanguageModel {
  /** What answers are attributed to, e.g. `gpt-x`. */
  readonly name: string
  /** One answer; the caller parses its text. Throws ModelUnavailable when there is none. */
  answer(request: { instructions: string; input: string; schema: Record<string, unknown> }): Promise<ModelAnswer>
}
