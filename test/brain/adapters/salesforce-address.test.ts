import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { httpTransport, openSalesforce } from '../../../server/brain/adapters/salesforce/client.ts'
import { remoteSwitch } from '../../../server/brain/adapters/salesforce/switch.ts'
import { newCaller } from '../../salesforce-mcp/door/door-keys.ts'

const web = newCaller('web')
/** What the server that no setting names was asked. */
const heard: string[] = []
let elsewhere: Server
let named: Server

const listening = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })

let url: string
beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  const target = await listening(elsewhere)
  named = createServer((request, response) => {
    response.writeHead(307, { location: new URL(request.url ?? '/', target).href }).end()
  })
  url = await listening(named)
})
afterAll(() => {
  elsewhere.close()
  named.close()
})

it('the brain follows salesforce-mcp to no other server: the request carries records', async () => {
  const salesforce = openSalesforce(() => Promise.resolve(httpTransport(`${url}/mcp`, web.fetch)))
  const asked = salesforce.call('acceptDecision', { token: 'of a person' }, { runId: null })
  await expect(asked).rejects.toMatchObject({ error: { code: 'unavailable', retryable: true } })
  const there = remoteSwitch(`${url}/mcp`, web.fetch)
  await expect(there.stop('writes')).rejects.toThrow('cannot be reached')
  expect(await there.position()).toBeNull()
  expect(heard).toEqual([])
})
