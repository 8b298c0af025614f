// Sends requests that fetch refuses to send: any method, path, header and body.
import { Agent, request } from 'node:http'

export interface Sent {
  method: string
  /** As it stands on the request line. */
  path: string
  headers: Record<string, string | string[]>
  body: Buffer | string | null
}

export interface Answer {
  /** 0 when the client could not send it, or the server closed the connection without an answer. */
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

export interface Client {
  /** Throws when no answer came in time. A stream of events is closed as soon as it begins. */
  send(sent: Sent): Promise<Answer>
  close(): void
}

export function clientOf(url: string, withinMs = 8_000): Client {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const send = ({ method, path, headers, body }: Sent) =>
    new Promise<Answer>((resolve, reject) => {
      const unsent = () => resolve({ status: 0, headers: {}, text: '' })
      const late = () => asked.destroy(new Error(`no answer within ${withinMs} ms`))
      const timer = setTimeout(late, withinMs)
      const failed = (error: Error) => {
        clearTimeout(timer)
        if (error.message.startsWith('no answer')) reject(error)
        else unsent()
      }
      const asked = request({ hostname, port, method, path, headers, agent }, (response) => {
        const chunks: Buffer[] = []
        const done = () => {
          clearTimeout(timer)
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        }
        response.on('error', failed)
        if (String(response.headers['content-type']).startsWith('text/event-stream')) {
          done()
          asked.destroy()
          return
        }
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', done)
      })
      asked.on('error', failed)
      asked.end(body ?? undefined)
    })
  return {
    send: (sent) =>
      new Promise((resolve, reject) => {
        // Node refuses some paths and headers before it sends anything.
        try {
          send(sent).then(resolve, reject)
        } catch {
          resolve({ status: 0, headers: {}, text: '' })
        }
      }),
    close: () => agent.destroy(),
  }
}

/** Runs `each` for every item, at most `width` at once. */
export async function inParallel<T>(items: readonly T[], width: number, each: (item: T, n: number) => Promise<void>) {
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const n = next++
      await each(items[n]!, n)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
}
