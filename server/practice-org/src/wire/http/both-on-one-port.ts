import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

export interface TlsPair {
  key: string
  cert: string
}

/** First byte of a TLS handshake record; no HTTP method begins with it. */
const HANDSHAKE = 0x16

/**
 * Lets `server` take TLS beside plain HTTP: the first byte of a connection says which it is. Both kinds become
 * connections of the same server, so its timeouts and its closing hold for both.
 * @param idleMs a connection that says nothing for so long is cut
 */
export function bothOnOnePort(server: Server, tls: TlsPair, idleMs: number): { cutUndecided: () => void } {
  const asHttp = server.listeners('connection') as ((socket: Socket) => void)[]
  // Connections the server does not know of yet (or only as handshakes): it would wait for them when it closes.
  const undecided = new Set<Socket>()
  const secure = createTlsServer({ ...tls, ALPNProtocols: ['http/1.1'], handshakeTimeout: idleMs }, (socket) => {
    for (const take of asHttp) take.call(server, socket)
  })
  secure.on('tlsClientError', (_error, socket) => socket.destroy())
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    undecided.add(socket)
    socket.once('close', () => undecided.delete(socket))
    onFirstByte(socket, idleMs, (byte) => {
      if (byte === HANDSHAKE) return void secure.emit('connection', socket)
      undecided.delete(socket)
      for (const take of asHttp) take.call(server, socket)
    })
  })
  return { cutUndecided: () => undecided.forEach((socket) => socket.destroy()) }
}

/** Looks at the first byte and puts it back. */
function onFirstByte(socket: Socket, idleMs: number, decide: (byte: number | undefined) => void): void {
  const cut = (): void => void socket.destroy()
  socket.setTimeout(idleMs, cut).on('error', cut)
  socket.once('readable', () => {
    socket.setTimeout(0).off('timeout', cut)
    const chunk = socket.read() as Buffer | null
    // Nothing to read at the end of a connection that never spoke.
    if (chunk === null) return cut()
    socket.off('error', cut)
    socket.unshift(chunk)
    decide(chunk[0])
  })
}
