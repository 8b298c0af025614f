import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { connect, practice, rest, startOrg, tokenOf } from '../support/running-org.ts'

let org: PracticeOrg
beforeAll(async () => {
  org = await startOrg()
})
afterEach(() => practice(org.url, '/faults', { mode: 'clear' }))
afterAll(() => org.close())

const accounts = async (name: string): Promise<number> => {
  const conn = await connect(org.url)
  return (await conn.query(`SELECT Id FROM Account WHERE Name = '${name}'`)).totalSize
}
const write = { path: '/services/data/', method: 'POST' }

describe('a fault', () => {
  it('cut-after loses the answer while the write stands', async () => {
    const conn = await connect(org.url)
    await practice(org.url, '/faults', { mode: 'cut-after', match: write, count: 1 })
    await expect(conn.sobject('Account').create({ Name: 'Written' })).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await accounts('Written')).toBe(1)
  })

  it('cut-before loses the call before anything is written', async () => {
    const conn = await connect(org.url)
    await practice(org.url, '/faults', { mode: 'cut-before', match: write, count: 1 })
    await expect(conn.sobject('Account').create({ Name: 'Unwritten' })).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await accounts('Unwritten')).toBe(0)
  })

  it('cut-after hits only the SOAP call it names', async () => {
    const conn = await connect(org.url)
    await practice(org.url, '/faults', { mode: 'cut-after', match: { soapAction: 'merge' }, count: 1 })
    const master = await conn.sobject('Account').create({ Name: 'Cut Master' })
    const loser = await conn.sobject('Account').create({ Name: 'Cut Loser' })
    expect((await conn.soap.getUserInfo()).organizationId).toBe(org.orgId)
    const request = { masterRecord: { type: 'Account', Id: master.id } as never, recordToMergeIds: [loser.id ?? ''] }
    await expect(conn.soap.merge(request)).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await accounts('Cut Loser')).toBe(0)
  })

  it('lock refuses writes and lets reads through', async () => {
    const conn = await connect(org.url)
    await practice(org.url, '/faults', { mode: 'lock' })
    await expect(conn.sobject('Account').create({ Name: 'Locked' })).rejects.toMatchObject({
      errorCode: 'UNABLE_TO_LOCK_ROW',
    })
    expect(await accounts('Locked')).toBe(0)
  })

  it.each([
    ['down', 503, 'SERVER_UNAVAILABLE'],
    ['limit', 403, 'REQUEST_LIMIT_EXCEEDED'],
  ])('%s answers %i', async (mode, status, errorCode) => {
    const token = await tokenOf(org.url)
    await practice(org.url, '/faults', { mode })
    const answer = await rest(org.url, token, '/limits')
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: [{ errorCode }] })
    await practice(org.url, '/faults', { mode: 'clear' })
    expect((await rest(org.url, token, '/limits')).status).toBe(200)
  })

  it('expire-sessions ends every session, and a new one works', async () => {
    const token = await tokenOf(org.url)
    await practice(org.url, '/faults', { mode: 'expire-sessions' })
    expect((await rest(org.url, token, '/limits')).status).toBe(401)
    expect((await rest(org.url, await tokenOf(org.url), '/limits')).status).toBe(200)
  })

  it('with a chance repeats the same failures for the same seed', async () => {
    const token = await tokenOf(org.url)
    const pattern = async (): Promise<number[]> => {
      await practice(org.url, '/faults', { mode: 'down', match: { path: '/services/data' }, chance: 0.5, seed: 7 })
      const statuses: number[] = []
      for (let call = 0; call < 12; call += 1) statuses.push((await rest(org.url, token, '/limits')).status)
      await practice(org.url, '/faults', { mode: 'clear' })
      return statuses
    }
    const first = await pattern()
    expect(new Set(first)).toEqual(new Set([200, 503]))
    expect(await pattern()).toEqual(first)
  })

  it('that is not understood is refused with what is wrong', async () => {
    const answer = (await practice(org.url, '/faults', { mode: 'explode' })) as { message: string }[]
    expect(answer[0]?.message).toMatch(/mode/)
  })

  it("cannot be ordered by another site's page", async () => {
    const headers = { origin: 'https://evil.example' }
    const response = await fetch(`${org.url}/practice/faults`, { method: 'POST', headers, body: '{"mode":"down"}' })
    expect(response.status).toBe(404)
  })
})

describe('a reset', () => {
  it('empties the org, its faults and its counters', async () => {
    const conn = await connect(org.url)
    await conn.sobject('Account').create({ Name: 'Forgotten' })
    await practice(org.url, '/faults', { mode: 'limit' })
    await practice(org.url, '/reset', {})
    expect(await practice(org.url, '/faults')).toEqual({ faults: [] })
    expect(await practice(org.url, '/calls')).toMatchObject({ total: 0 })
    expect(await accounts('Forgotten')).toBe(0)
  })
})
