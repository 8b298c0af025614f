import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bothOnOnePort, type TlsPair } from './both-on-one-port.ts'
import { answerUnparsed } from './too-long.ts'

/** The wanted port belongs to another process. */
export class PortInUseError extends Error {
  readonly port: number
  constructor(port: number) {
    super(`Port ${port} is in use: stop what uses it, or set PRACTICE_ORG_PORT or PRACTICE_EVENTS_PORT, e.g. 4401`)
    this.name = 'PortInUseError'
    this.port = port
  }
}

export interface Listening {
  port: number
  /** Stops at once: open keep-alive and streaming sockets are cut. */
  close(): Promise<void>
}

/** More than an org takes, so that what is too long can be refused in its words (`too-long.ts`). */
const HEADER_BYTES = 65_536

/** An idle connection is the client's to close: it might use it again at the very moment. */
const KEEP_ALIVE_MS = 65_000

/** Listens on 127.0.0.1, for HTTP and HTTPS alike; port 0 takes any. Half-sent requests are dropped after `requestTimeoutMs`. */
export async function listen(
  handler: RequestListener,
  port: number,
  tls: TlsPair,
  requestTimeoutMs = 30_000,
): Promise<Listening> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: Math.min(10_000, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs),
    },
    handler,
  )
  const { cutUndecided } = bothOnOnePort(server, tls, requestTimeoutMs)
  answerUnparsed(server)
  await bind(server, port)
  return { port: (server.address() as AddressInfo).port, close: () => shut(server, cutUndecided) }
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port) : error),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
}

function shut(server: Server, cutUndecided: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
    cutUndecided()
  })
}
