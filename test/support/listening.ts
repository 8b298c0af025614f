import { createParser } from 'eventsource-parser'
import type { Person } from './person.ts'

export interface Heard {
  event: string
  data: unknown
}

/** A person's event stream, with every byte of it kept. */
export interface Listening {
  /** Everything received so far, as it came. */
  text(): string
  events: Heard[]
  close(): Promise<void>
}

/** Opens the stream as a page would; resolves once it is live. `query` is what to follow, e.g. `?decisions=1`. */
export async function listen(person: Person, brainUrl: string, query = ''): Promise<Listening> {
  const ending = new AbortController()
  const response = await fetch(`${brainUrl}/api/v1/stream${query}`, {
    headers: { authorization: `Bearer ${await person.sessionToken()}` },
    signal: ending.signal,
  })
  if (!response.ok || !response.body) throw new Error(`${response.status}: no stream`)
  const live = Promise.withResolvers<void>()
  const events: Heard[] = []
  const parser = createParser({
    onEvent: ({ event, data }) => void events.push({ event: event ?? 'message', data: JSON.parse(data) as unknown }),
    onComment: (comment) => comment.trim() === 'live' && live.resolve(),
  })
  let text = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) {
      const piece = decoder.decode(chunk as Uint8Array, { stream: true })
      text += piece
      parser.feed(piece)
    }
    live.reject(new Error(`the stream ended before it was live: ${text}`))
  })().catch((error: unknown) => live.reject(error as Error))
  await live.promise
  return {
    text: () => text,
    events,
    async close() {
      ending.abort()
      await reading
    },
  }
}
