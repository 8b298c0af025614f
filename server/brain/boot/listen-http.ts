import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { wrongSetting } from '../../settings/settings-error.ts'

export interface HttpDoor {
  port: number
  /** From now on requests go there; before, they are told to come back. */
  serve(handler: RequestListener): void
  close(): Promise<void>
}

/** Longer than proxies and clients keep an idle connection: closed first by us, it could be just when one of them uses it again. */
const KEEP_ALIVE_MS = 65_000

/**
 * Takes the port first, so that a start that cannot be fails at once. `localhost` is every loopback address of the machine.
 * Throws SettingsError with one line when the port is taken.
 */
export async function listenHttp(port: number, host: string): Promise<HttpDoor> {
  let handler: RequestListener = (_request, response) => {
    response.writeHead(503, { 'retry-after': '2', 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ type: 'about:blank', title: 'Starting', status: 503, detail: 'Try again shortly.' }))
  }
  const openServer = async (address: string, at: number): Promise<Server> => {
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => handler(request, response))
    await listening(server, at, address)
    return server
  }
  const first = await openServer(host === 'localhost' ? '127.0.0.1' : host, port)
  const servers = [first]
  const taken = (first.address() as AddressInfo).port
  try {
    if (host === 'localhost' && hasLoopback6()) servers.push(await openServer('::1', taken))
  } catch (error) {
    await closed(first)
    throw error
  }
  return {
    port: taken,
    serve(next) {
      handler = next
    },
    close: async () => {
      await Promise.all(servers.map(closed))
    },
  }
}

const hasLoopback6 = (): boolean =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'))

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(taken ? wrongSetting('PORT', `${port} is taken by another program on ${host}`) : error)
    })
    server.listen(port, host, resolve)
  })
}
