import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigError } from '../config/config.ts'
import { settingLine } from '../config/env.ts'

export interface HttpDoor {
  port: number
  /** From now on requests go there; before, they are told to come back. */
  serve(handler: RequestListener): void
  close(): Promise<void>
}

/** Longer than proxies and clients keep an idle connection: closed first by us, it could be just when one of them uses it again. */
const KEEP_ALIVE_MS = 65_000

/** Takes the port first, so that a start that cannot be fails at once. Throws ConfigError with one line when it is taken. */
export async function listenHttp(port: number, host: string): Promise<HttpDoor> {
  let handler: RequestListener = (_request, response) => {
    response.writeHead(503, { 'retry-after': '2', 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ type: 'about:blank', title: 'Starting', status: 503, detail: 'Try again shortly.' }))
  }
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => handler(request, response))
  await listening(server, port, host)
  return {
    port: (server.address() as AddressInfo).port,
    serve(next) {
      handler = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(taken ? new ConfigError(settingLine('PORT', `${port} is taken by another program on ${host}`)) : error)
    })
    server.listen(port, host, resolve)
  })
}
