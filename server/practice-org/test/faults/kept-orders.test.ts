import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { practice, rest, startOrg, tokenOf } from '../support/running-org.ts'

let dataDir: string
let org: PracticeOrg
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'practice-orders-'))
  org = await startOrg({ dataDir })
})
afterEach(async () => {
  await org.close()
  rmSync(dataDir, { recursive: true })
})

async function restart(): Promise<void> {
  await org.close()
  org = await startOrg({ dataDir })
}
const order = (fault: object) => practice(org.url, '/faults', fault)
const faults = async () => ((await practice(org.url, '/faults')) as { faults: object[] }).faults
const clear = async (what: string) => {
  const response = await fetch(`${org.url}/practice/${what}`, { method: 'DELETE' })
  return (await response.json()) as object
}
const limits = async (token: string) => (await rest(org.url, token, '/limits')).status
const create = async (token: string, object: string, fields: object) =>
  rest(org.url, token, `/sobjects/${object}`, { method: 'POST', body: JSON.stringify(fields) })

describe('a fault', () => {
  it('outlives the process with what is left of it, and is over once it is used up', async () => {
    const token = await tokenOf(org.url)
    await order({ mode: 'down', match: { path: '/services/data/' }, skip: 1, count: 2 })
    const statuses = [await limits(token), await limits(token)]
    await restart()
    expect(await faults()).toMatchObject([{ mode: 'down', skip: 0, left: 1 }])
    statuses.push(await limits(token), await limits(token))
    await restart()
    expect(statuses).toEqual([200, 503, 503, 200])
    expect(await faults()).toEqual([])
  })

  it('by chance goes on after a restart where its draws were', async () => {
    const token = await tokenOf(org.url)
    const pattern = async (isRestarted: boolean): Promise<number[]> => {
      await order({ mode: 'down', match: { path: '/services/data/' }, chance: 0.5, seed: 11 })
      const statuses: number[] = []
      for (let call = 0; call < 8; call += 1) {
        if (isRestarted && call === 3) await restart()
        statuses.push(await limits(token))
      }
      await clear('faults')
      return statuses
    }
    expect(await pattern(true)).toEqual(await pattern(false))
  })

  it('is cleared by its route, a lagging search index too', async () => {
    await order({ mode: 'limit', searchLagSeconds: 60 })
    await restart()
    expect(await practice(org.url, '/faults')).toMatchObject({ faults: [{ mode: 'limit' }], searchLagSeconds: 60 })
    expect(await clear('faults')).toEqual({ faults: [] })
    await restart()
    expect(await faults()).toEqual([])
  })

  it('that makes the whole org look down still does after a restart', async () => {
    const token = await tokenOf(org.url)
    await order({ mode: 'down' })
    await restart()
    expect(await limits(token)).toBe(503)
  })
})

describe('an order of rules', () => {
  const lastName = { object: 'Contact', when: [{ field: 'LastName', is: '=', value: 'X' }], message: 'No X' }

  it('outlives the process, is listed, and ends when it is cleared', async () => {
    const token = await tokenOf(org.url)
    await practice(org.url, '/automation', { validations: [lastName] })
    await restart()
    expect(await practice(org.url, '/automation')).toMatchObject({ validations: [lastName] })
    const refused = await create(token, 'Contact', { LastName: 'X' })
    await clear('automation')
    await restart()
    const taken = await create(token, 'Contact', { LastName: 'X' })
    expect([refused.status, taken.status]).toEqual([400, 201])
    expect(await practice(org.url, '/automation')).toMatchObject({ validations: [] })
  })

  it('holds rows after a restart for the tries that are left', async () => {
    const token = await tokenOf(org.url)
    const { body } = await create(token, 'Account', { Name: 'Held' })
    const { id } = body as { id: string }
    const rename = async () =>
      (await rest(org.url, token, `/sobjects/Account/${id}`, { method: 'PATCH', body: '{"Name":"New"}' })).status
    await practice(org.url, '/automation', { rowLocks: [{ ids: [id], times: 3 }] })
    const statuses = [await rename(), await rename()]
    await restart()
    expect(await practice(org.url, '/automation')).toMatchObject({ rowLocks: [{ ids: [id], times: 1 }] })
    statuses.push(await rename(), await rename())
    expect(statuses).toEqual([400, 400, 400, 204])
    expect(await practice(org.url, '/automation')).toMatchObject({ rowLocks: [] })
  })

  it('is forgotten by a reset', async () => {
    await practice(org.url, '/automation', { validations: [lastName] })
    await practice(org.url, '/reset', {})
    await restart()
    expect(await practice(org.url, '/automation')).toMatchObject({ validations: [] })
  })
})

it('a file of orders that is none keeps the org from starting, and is named', async () => {
  await org.close()
  writeFileSync(join(dataDir, 'orders.json'), '{"faults":1}')
  await expect(startOrg({ dataDir })).rejects.toThrow(/orders\.json/)
  writeFileSync(join(dataDir, 'orders.json'), '{}')
  org = await startOrg({ dataDir })
})
