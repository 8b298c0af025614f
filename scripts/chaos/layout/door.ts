// A door between two processes: it passes requests on and counts those that were sent and whose answer never arrived.
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

export interface Exchange {
  readonly n: number
  readonly path: string
  readonly body: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** The other side has received the whole request. */
  wasSent: boolean
  /** Status of its answer. */
  answered: number | null
  /** The whole answer reached the sender. */
  wasDelivered: boolean
}

/** What happens to an exchange that the other side has answered; `before`: to one that it has not received yet. */
export type DoorFault =
  | { kind: 'cut' }
  | { kind: 'withhold'; ms: number }
  | { kind: 'act'; act: () => void }
  | { kind: 'act-before'; act: () => void }

export interface Door {
  url: string
  /** Exchanges with a write, in order of arrival. */
  readonly writes: readonly Exchange[]
  /** Requests of any kind, by the second in which they arrived. */
  readonly perSecond: ReadonlyMap<number, number>
  /** Answers 503 to everything while true. */
  isShut: boolean
  close(): Promise<void>
}

interface DoorSettings {
  port: number
  target: number
  isWrite(path: string, body: string): boolean
  fault(exchange: Exchange): DoorFault | null
}

/** A process that was paused finds its connection as it left it: a closed one would keep it from writing, by luck. */
const KEEP_ALIVE_MS = 600_000

export async function openDoor(settings: DoorSettings): Promise<Door> {
  const writes: Exchange[] = []
  const perSecond = new Map<number, number>()
  const door = { isShut: false }
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    const second = Math.floor(Date.now() / 1000)
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    if (door.isShut) return void outgoing.writeHead(503).end()
    void pass(settings, writes, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(settings.port, '127.0.0.1', resolve))
  return Object.assign(door, {
    url: `http://127.0.0.1:${settings.port}`,
    writes,
    perSecond,
    close: () => closed(server),
  })
}

async function pass(
  { target, isWrite, fault }: DoorSettings,
  writes: Exchange[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const content = await buffer(incoming)
  const path = incoming.url ?? '/'
  const body = content.toString('utf8')
  if (!isWrite(path, body)) return reply(outgoing, await forward(target, incoming, content))
  const exchange: Exchange = {
    n: writes.length + 1,
    path,
    body,
    at: Date.now(),
    wasSent: false,
    answered: null,
    wasDelivered: false,
  }
  writes.push(exchange)
  const ordered = fault(exchange)
  if (ordered?.kind === 'act-before') ordered.act()
  const answer = await forward(target, incoming, content, () => (exchange.wasSent = true))
  exchange.answered = answer.status
  if (ordered?.kind === 'cut') return void outgoing.destroy()
  if (ordered?.kind === 'withhold') await delay(ordered.ms)
  if (ordered?.kind === 'act') ordered.act()
  // A process that was ended just now has no connection any more a moment later.
  if (ordered?.kind === 'act') await delay(50)
  if (outgoing.destroyed) return
  outgoing.once('finish', () => (exchange.wasDelivered = true))
  reply(outgoing, answer)
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  content: Buffer
}

function forward(target: number, from: IncomingMessage, content: Buffer, onSent = () => {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...from.headers, connection: 'close' }
    const to = send({ host: '127.0.0.1', port: target, path: from.url, method: from.method, headers, agent: false })
    to.once('error', reject)
    to.once('finish', onSent)
    to.once('response', (response) => {
      buffer(response).then(
        (received) => resolve({ status: response.statusCode ?? 502, headers: response.headers, content: received }),
        reject,
      )
    })
    to.end(content)
  })
}

function reply(outgoing: ServerResponse, { status, headers, content }: Answer): void {
  const { connection: _, 'transfer-encoding': __, ...kept } = headers
  outgoing.writeHead(status, { ...kept, 'content-length': content.length })
  outgoing.end(content)
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
