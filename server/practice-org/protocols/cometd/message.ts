import { z } from 'zod'

/** One message of the Bayeux protocol, as a client sends it. */
export const BayeuxMessage = z.object({
  channel: z.string(),
  id: z.union([z.string(), z.number()]).optional(),
  clientId: z.string().optional(),
  subscription: z.union([z.string(), z.array(z.string())]).optional(),
  ext: z.looseObject({ replay: z.record(z.string(), z.number()).optional() }).optional(),
})
export type BayeuxMessage = z.infer<typeof BayeuxMessage>

export type Answer = Record<string, unknown>

/** The answer to a message that was done, or not done with the reason `error`. */
export function reply(message: BayeuxMessage, rest: Answer): Answer {
  const { channel, id, clientId } = message
  return { channel, ...(id === undefined ? {} : { id }), ...(clientId ? { clientId } : {}), successful: true, ...rest }
}

export function refusal(message: BayeuxMessage, error: string, rest: Answer = {}): Answer {
  return reply(message, { successful: false, error, ...rest })
}
