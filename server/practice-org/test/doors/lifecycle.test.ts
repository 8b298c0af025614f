import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as openSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { PortInUseError, type PracticeOrg } from '../../src/compose.ts'
import { practice, rest, startOrg, tokenOf } from '../support/running-org.ts'

const running: PracticeOrg[] = []
const start = async (...args: Parameters<typeof startOrg>): Promise<PracticeOrg> => {
  const org = await startOrg(...args)
  running.push(org)
  return org
}
afterEach(async () => {
  for (const org of running.splice(0)) await org.close()
})

describe('a practice org', () => {
  it.each(['port', 'eventsPort'] as const)('says which %s is taken, and leaves nothing open', async (which) => {
    const first = await start()
    const refused = await startOrg({ [which]: first[which] }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(PortInUseError)
    expect((refused as PortInUseError).port).toBe(first[which])
    expect((await fetch(`${first.url}/services/data`)).status).toBe(200)
  })

  it('closes while a client keeps its connection open, and twice without harm', async () => {
    const org = await start()
    const socket = openSocket(org.port, '127.0.0.1')
    socket.write('GET /services/data HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'data')
    const closed = once(socket, 'close')
    await org.close()
    await org.close()
    await closed
  })

  it('drops a request that never ends', async () => {
    const org = await start({ requestTimeoutMs: 100 })
    const socket = openSocket(org.port, '127.0.0.1')
    socket.write('POST /services/oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf')
    let answer = ''
    socket.on('data', (chunk) => (answer += String(chunk)))
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d/)
  })

  it('keeps its records across restarts in the same folder, and loads only an empty one', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'practice-org-'))
    let loads = 0
    const load: NonNullable<Parameters<typeof startOrg>[0]>['load'] = (org) => {
      loads += 1
      org.load('Account', [{ Name: `Loaded ${loads}` }])
    }
    try {
      for (let round = 0; round < 2; round += 1) {
        const org = await startOrg({ dataDir, load })
        const { body } = await rest(org.url, await tokenOf(org.url), '/query?q=SELECT+Name+FROM+Account')
        expect(body).toMatchObject({ totalSize: 1, records: [{ Name: 'Loaded 1' }] })
        await org.close()
      }
      expect(loads).toBe(1)
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })

  it('refuses calls once the daily allowance is used up, until a reset', async () => {
    const org = await start({ apiLimit: 2 })
    const token = await tokenOf(org.url)
    const statuses: number[] = []
    for (let call = 0; call < 3; call += 1) statuses.push((await rest(org.url, token, '/limits')).status)
    await practice(org.url, '/reset', {})
    statuses.push((await rest(org.url, token, '/limits')).status)
    expect(statuses).toEqual([200, 200, 403, 200])
  })
})
