import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Passes every request on and keeps what both sides sent, as text. */
export interface RecordingProxy extends AsyncDisposable {
  url: string
  /** Bodies of requests. */
  asked: string[]
  /** Bodies of answers. */
  answered: string[]
}

/** Opens one in front of the server at this URL; `passesHost`: that server sees the address of the proxy as its own. */
export async function recordingProxy(target: string, { passesHost = false } = {}): Promise<RecordingProxy> {
  const { hostname, port, host } = new URL(target)
  const asked: string[] = []
  const answered: string[] = []
  const server = createServer((incoming, outgoing) => {
    const { method, url: path } = incoming
    const headers = passesHost ? incoming.headers : { ...incoming.headers, host }
    const onward = request({ hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      keep(answer, answered)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    keep(incoming, asked)
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Keeps the body piece by piece, so that a stream that never ends is kept too. */
function keep(body: NodeJS.ReadableStream, into: string[]): void {
  const at = into.push('') - 1
  body.on('data', (piece: Buffer) => (into[at] += piece.toString()))
}
