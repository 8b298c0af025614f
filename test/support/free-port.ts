import { createServer } from 'node:net'

/**
 * Below the ports that outgoing connections are given (from 32768 on Linux, from 49152 elsewhere): one of those could be taken by any
 * connection between the asking and the listening.
 */
const [FIRST, COUNT] = [12_000, 20_000]
/** Processes that look at the same time begin apart from each other. */
let next = process.pid * 61

/** A port on loopback that nobody listens on, and that no other test process is given soon. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries += 1) {
    const port = FIRST + (next % COUNT)
    next += 1
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
