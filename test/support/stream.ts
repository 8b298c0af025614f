import { createParser } from 'eventsource-parser'
import type { Person } from './person.ts'

export interface StreamEvent {
  event: string
  id: string | undefined
  data: unknown
}

/** What a person's page hears: `GET /api/v1/stream`, kept in order. */
export interface Stream extends AsyncDisposable {
  readonly heard: readonly StreamEvent[]
  /** Every byte received, as text. */
  readonly text: () => string
  /** The first event, heard or still to come, that passes; rejects after `withinMs`. */
  first<T>(event: string, passes: (data: T) => boolean, withinMs?: number): Promise<T>
}

/** Opens the stream and resolves once the brain has answered. */
export async function followStream(
  brainUrl: string,
  person: Person,
  query = '',
  lastEventId?: string,
): Promise<Stream> {
  const stop = new AbortController()
  const headers = {
    authorization: `Bearer ${await person.sessionToken()}`,
    ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
  }
  const response = await fetch(`${brainUrl}/api/v1/stream${query}`, { headers, signal: stop.signal })
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`)
  const heard: StreamEvent[] = []
  const waiting = new Set<(event: StreamEvent) => void>()
  let text = ''
  const parser = createParser({
    onEvent({ event = 'message', id, data }) {
      const arrived = { event, id, data: JSON.parse(data) as unknown }
      heard.push(arrived)
      for (const listener of [...waiting]) listener(arrived)
    },
  })
  const decoder = new TextDecoder()
  const reading = (async () => {
    for await (const chunk of response.body!) {
      const piece = decoder.decode(chunk as Uint8Array, { stream: true })
      text += piece
      parser.feed(piece)
    }
  })().catch(() => {})

  return {
    heard,
    text: () => text,
    first<T>(event: string, passes: (data: T) => boolean, withinMs = 20_000) {
      const matches = (arrived: StreamEvent) => arrived.event === event && passes(arrived.data as T)
      const already = heard.find(matches)
      if (already) return Promise.resolve(already.data as T)
      return new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no such ${event} event within ${withinMs} ms`)), withinMs)
        const listener = (arrived: StreamEvent) => {
          if (!matches(arrived)) return
          waiting.delete(listener)
          clearTimeout(timer)
          resolve(arrived.data as T)
        }
        waiting.add(listener)
      })
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await reading
    },
  }
}
