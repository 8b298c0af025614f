/** A language model behind any OpenAI-compatible endpoint. It only ever answers; it has no tools. */
export interface LanguageModel {
  /** What answers are attributed to, e.g. `gpt-x`. */
  readonly name: string
  /** One answer as text that should be JSON of the schema; the caller parses it. Throws when the model cannot be reached. */
  answer(request: { instructions: string; input: string; schema: Record<string, unknown> }): Promise<string>
}
