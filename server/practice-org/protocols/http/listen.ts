import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

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

const HEADER_BYTES = 16_384

/** Listens on 127.0.0.1; port 0 takes any. Half-sent requests are dropped after `requestTimeoutMs`. */
export async function listen(handler: RequestListener, port: number, requestTimeoutMs = 30_000): Promise<Listening> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: Math.min(10_000, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs),
    },
    handler,
  )
  await bind(server, port)
  return { port: (server.address() as AddressInfo).port, close: () => shut(server) }
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port) : error),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
