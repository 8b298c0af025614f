import { ServerCredentials, type Server } from '@grpc/grpc-js'
import { createServer, type AddressInfo, type Server as Listener, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { TlsPair } from '../../wire/http/both-on-one-port.ts'
import { PortInUseError } from '../../wire/http/listen.ts'

/** The connections of a gRPC server, so that one of them can be cut as a network cuts it: without a word. */
export interface Connections {
  port: number
  /** @param peer as a call names its client, `127.0.0.1:49152` */
  cut(peer: string): void
  /** Lets the last answers out, but waits for no client longer than half a second. */
  close(): Promise<void>
}

const SHUTDOWN_MS = 500

/** Listens on 127.0.0.1 with TLS; port 0 takes any. Throws PortInUseError. */
export async function acceptConnections(server: Server, port: number, tls: TlsPair): Promise<Connections> {
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) }
  const injector = server.createConnectionInjector(ServerCredentials.createSsl(null, [pair]))
  const open = new Map<string, Socket>()
  const listener = createServer((socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`
    open.set(peer, socket)
    socket.once('close', () => open.delete(peer))
    injector.injectConnection(socket)
  })
  await bind(listener, port)
  return {
    port: (listener.address() as AddressInfo).port,
    cut: (peer) => void open.get(peer)?.destroy(),
    close: async () => {
      // The server does not count connections that were handed to it: it takes itself for done at once.
      server.tryShutdown(() => {})
      await allClosed(listener)
      server.forceShutdown()
      for (const socket of open.values()) socket.destroy()
    },
  }
}

/** Stops listening; ends when every connection has, or when they have had their time. */
async function allClosed(listener: Listener): Promise<void> {
  const waiting = new AbortController()
  const closed = new Promise<void>((resolve) => listener.close(() => resolve()))
  const late = delay(SHUTDOWN_MS, undefined, { signal: waiting.signal }).catch(() => {})
  await Promise.race([closed, late])
  waiting.abort()
}

function bind(listener: Listener, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port) : error),
    )
    listener.listen(port, '127.0.0.1', resolve)
  })
}
