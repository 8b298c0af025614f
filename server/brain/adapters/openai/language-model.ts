// A language model behind an OpenAI-compatible endpoint: Chat Completions, the interface that all of them offer.
import OpenAI from 'openai'
import { ModelUnavailable } from '../../domain/errors.ts'
import type { LanguageModel } from '../../ports/model.ts'

interface LanguageModelOptions {
  baseUrl: string
  model: string
  apiKey: string
  timeoutMs?: number
}

/** No retries here: the run holds and asks again. Throws ModelUnavailable when the endpoint is unreachable or refuses. */
export function openLanguageModel({ baseUrl, model, apiKey, timeoutMs = 60_000 }: LanguageModelOptions): LanguageModel {
  const client = new OpenAI({ baseURL: baseUrl, apiKey, timeout: timeoutMs, maxRetries: 0 })
  return {
    name: model,
    async answer({ instructions, input, schema }) {
      const asked = client.chat.completions.create({
        model,
        temperature: 0,
        messages: [
          { role: 'system', content: instructions },
          { role: 'user', content: input },
        ],
        // Endpoints may ignore the schema: the caller parses the answer.
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: false } },
      })
      const completion = await asked.catch((cause: unknown) => {
        throw Object.assign(new ModelUnavailable('the language model gave no answer'), { cause })
      })
      return completion.choices[0]?.message.content ?? ''
    },
  }
}
