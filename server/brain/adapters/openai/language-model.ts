// A language model behind an OpenAI-compatible endpoint: Chat Completions, the interface that all of them offer.
import OpenAI from 'openai'
import { z } from 'zod'
import type { TokenPrice } from '../../../contract/values/money.ts'
import { ModelUnavailable } from '../../domain/errors.ts'
import { modelInput } from '../../domain/model-input.ts'
import type { LanguageModel } from '../../ports/model.ts'
import { boundedFetch } from './bounded-fetch.ts'

interface LanguageModelOptions {
  baseUrl: string
  model: string
  apiKey: string
  timeoutMs?: number
  /** Null: what it costs is not known. */
  price?: TokenPrice | null
}

/** About what a verdict on each pair of a dozen records takes, with room for a model that reasons first. */
const MAX_TOKENS = 8192

/** An endpoint that reports no usage is counted by size: a token is rarely shorter than three bytes. */
const BYTES_OF_A_TOKEN = 3

const Count = z.number().int().min(0).max(1_000_000_000)

/** What is used of a chat completion. */
const Completion = z.object({
  usage: z.object({ prompt_tokens: Count, completion_tokens: Count }).nullish().catch(null),
  model: z.string().max(200).nullish(),
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
})

/**
 * No retries here: the run holds and asks again. Throws ModelUnavailable when the endpoint is unreachable, refuses, redirects,
 * or answers too much or anything but a chat completion.
 */
export function openLanguageModel({
  baseUrl,
  model,
  apiKey,
  timeoutMs = 60_000,
  price = null,
}: LanguageModelOptions): LanguageModel {
  const client = new OpenAI({ baseURL: baseUrl, apiKey, timeout: timeoutMs, maxRetries: 0, fetch: boundedFetch })
  return {
    name: model,
    endpoint: withoutCredentials(baseUrl),
    price,
    async answer({ instructions, input, schema }, { mostTokens, signal }) {
      const body: OpenAI.Chat.ChatCompletionCreateParamsNonStreaming = {
        model,
        temperature: 0,
        max_completion_tokens: Math.min(MAX_TOKENS, mostTokens),
        messages: [
          { role: 'system', content: instructions },
          { role: 'user', content: modelInput(input.text) },
        ],
        // Endpoints may ignore the schema: the caller parses the answer.
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: false } },
      }
      const asked = client.chat.completions.create(body, { signal })
      const completion: unknown = await asked.catch((cause: unknown) => {
        throw Object.assign(new ModelUnavailable('the language model gave no answer'), { cause })
      })
      const parsed = Completion.safeParse(completion)
      if (!parsed.success) throw new ModelUnavailable('the endpoint answered with no chat completion')
      const { choices, model: answeredBy, usage } = parsed.data
      const text = choices[0]?.message.content ?? ''
      const tokens = {
        input: usage?.prompt_tokens ?? tokensOf(instructions + input.text),
        output: usage?.completion_tokens ?? tokensOf(text),
      }
      return { text, model: answeredBy ?? model, tokens }
    },
  }
}

function withoutCredentials(baseUrl: string): string {
  const url = new URL(baseUrl)
  return `${url.origin}${url.pathname}`
}

const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text, 'utf8') / BYTES_OF_A_TOKEN)
