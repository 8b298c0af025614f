// A server that answers every request with the same short JSON, for comparison.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const body = JSON.stringify({ totalSize: 0, done: true, records: [] })
const server = createServer((request, response) => {
  request.resume()
  response.setHeader('content-type', 'application/json;charset=UTF-8')
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
})
for (const end of ['SIGTERM', 'disconnect'] as const) process.once(end, () => process.exit(0))
