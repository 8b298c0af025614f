import { afterEach, expect, it } from 'vitest'
import { remoteSwitch, type SalesforceSwitch } from '../../../server/brain/adapters/salesforce/switch.ts'
import { keepStopped } from '../../../server/brain/boot/keep-stopped.ts'
import { openHttpDoor, type HttpDoor } from '../../../server/salesforce-mcp/http.ts'
import { WriteSwitch } from '../../../server/salesforce-mcp/services/write-switch.ts'
import { until } from '../../support/until.ts'
import { openDoor, type Door } from './server.ts'

const TOKEN = 'a-token-of-at-least-thirty-two-characters'

let salesforceMcp: HttpDoor
let end: () => void = () => undefined
afterEach(async () => {
  end()
  await salesforceMcp.close()
})

/** salesforce-mcp with its switch on, as after each start of its process. */
async function startSalesforceMcp(port: number): Promise<void> {
  const writes = new WriteSwitch()
  const mcp = {
    newServer: () => {
      throw new Error('no session is opened here')
    },
    callsOf: () => 0,
    connect: () => Promise.reject(new Error('no tool is called here')),
    close: () => Promise.resolve(),
    stopWrites: () => writes.stop(),
    startWrites: () => writes.start(),
    get writesStopped() {
      return writes.stopped
    },
  }
  salesforceMcp = await openHttpDoor(mcp, { port, tokens: [TOKEN] })
}

async function doorWith(): Promise<{ door: Door; writes: SalesforceSwitch; port: number }> {
  await startSalesforceMcp(0)
  const writes = remoteSwitch(salesforceMcp.url, TOKEN)
  const door = await openDoor({}, () => ({ salesforceSwitch: writes }))
  return { door, writes, port: Number(new URL(salesforceMcp.url).port) }
}

it('both switches are shown: stop sets both, and a salesforce-mcp that is started anew is stopped again', async () => {
  const { door, writes, port } = await doorWith()
  const shown = () => door.json('rep', '/api/v1/writes')
  expect(await shown()).toMatchObject({ stopped: false, salesforceMcpStopped: false })
  const answer = await door.post('admin', '/api/v1/writes/stop')
  expect(await answer.json()).toMatchObject({ stopped: true, salesforceMcpStopped: true })
  await salesforceMcp.close()
  expect(await shown()).toMatchObject({ stopped: true, salesforceMcpStopped: null })
  await startSalesforceMcp(port)
  // A connection from before the restart may be tried once more.
  await until('the new one answers', async () => (await writes.isStopped()) === false)
  expect(await shown()).toMatchObject({ stopped: true, salesforceMcpStopped: false })
  end = keepStopped({ store: door.store, writes, onError: () => undefined }, 20)
  await until('salesforce-mcp is stopped again', async () => (await writes.isStopped()) === true)
  expect(await shown()).toMatchObject({ stopped: true, salesforceMcpStopped: true })
  const started = await door.post('admin', '/api/v1/writes/start')
  expect(await started.json()).toMatchObject({ stopped: false, salesforceMcpStopped: false })
})
