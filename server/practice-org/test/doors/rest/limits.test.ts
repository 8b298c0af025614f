import { describe, expect, it } from 'vitest'
import { connect, openOrgForFile, REP, rest, tokenOf } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()

type Limits = Record<string, { Max: number; Remaining: number }>
const limits = async (): Promise<Limits> => (await rest(org.url, token, '/limits')).body as Limits
const used = (all: Limits, name: string): number => (all[name]?.Max ?? 0) - (all[name]?.Remaining ?? 0)

describe('the allowances of an org', () => {
  it('are told by name, each with what is left', async () => {
    const all = await limits()
    for (const [name, { Max, Remaining }] of Object.entries(all)) {
      expect([name, Number.isInteger(Max), Remaining >= 0 && Remaining <= Max]).toEqual([name, true, true])
    }
    expect(Object.keys(all)).toEqual([...Object.keys(all)].sort())
    expect(all['PermissionSets']).toMatchObject({ CreateCustom: { Max: 1000 } })
  })

  it('shrink with API calls, published events, bulk jobs and stored rows', async () => {
    const before = await limits()
    const conn = await connect(org.url)
    const create = async (type: string, rows: object[]): Promise<unknown> =>
      (
        await rest(org.url, token, '/composite/sobjects', {
          method: 'POST',
          body: JSON.stringify({ records: rows.map((row) => ({ attributes: { type }, ...row })) }),
        })
      ).body
    await create('Practice_Signal__e', [{ Subject__c: 'one' }, { Subject__c: 'two' }])
    for (let call = 0; call < 3; call += 1) {
      const names = Array.from({ length: 200 }, (_, index) => ({ Name: `Stored ${call} ${index}` }))
      await create('Account', names)
    }
    const results = await conn.bulk2.loadAndWaitForResults({
      object: 'Account',
      operation: 'insert',
      input: [{ Name: 'By Bulk' }],
      pollInterval: 10,
      pollTimeout: 20_000,
    })
    expect(results.successfulResults).toHaveLength(1)
    const after = await limits()
    const grown = (name: string): number => used(after, name) - used(before, name)
    expect(grown('HourlyPublishedPlatformEvents')).toBe(2)
    expect(grown('DailyBulkApiBatches')).toBe(1)
    expect(grown('DataStorageMB')).toBeGreaterThan(0)
    expect(grown('DailyApiRequests')).toBeGreaterThan(4)
    expect(grown('SingleEmail')).toBe(0)
  })

  it('are not told to a user who may not view the setup', async () => {
    const { status, body } = await rest(org.url, await tokenOf(org.url, REP), '/limits')
    expect({ status, body }).toMatchObject({ status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS' }] })
  })
})

describe('the number of records', () => {
  interface Counts {
    sObjects: { count: number; name: string }[]
  }
  const counts = async (query = ''): Promise<Counts['sObjects']> =>
    ((await rest(org.url, token, `/limits/recordCount${query}`)).body as Counts).sObjects

  it('is told of the objects that are named, without deleted records, unknown objects and empty ones', async () => {
    const conn = await connect(org.url)
    const { totalSize } = await conn.query('SELECT COUNT() FROM Campaign')
    const { id } = await conn.sobject('Campaign').create({ Name: 'Counted' })
    const asked = '?sObjects=Campaign,Nothing__c,Partner'
    expect(await counts(asked)).toEqual([{ count: totalSize + 1, name: 'Campaign' }])
    await conn.sobject('Campaign').delete(String(id))
    expect(await counts(asked)).toEqual(totalSize === 0 ? [] : [{ count: totalSize, name: 'Campaign' }])
  })

  it('is told of every object but those that go along with another, when none is named', async () => {
    const names = (await counts()).map(({ name }) => name)
    expect(names).toContain('User')
    expect(names.filter((name) => /(History|Share|__e)$/.test(name))).toEqual([])
  })

  it('is for those who may view the setup', async () => {
    const { status, body } = await rest(org.url, await tokenOf(org.url, REP), '/limits/recordCount')
    expect({ status, body }).toMatchObject({ status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS' }] })
  })
})
