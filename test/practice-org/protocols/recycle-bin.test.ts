import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../server/practice-org/compose.ts'
import { connect, startOrg } from './org.ts'

let org: PracticeOrg
beforeAll(async () => {
  org = await startOrg()
})
afterAll(() => org.close())

describe('emptyRecycleBin over SOAP', () => {
  it('answers for every id, and what it took is gone for good', async () => {
    const conn = await connect(org.url)
    const { id = '' } = await conn.sobject('Account').create({ Name: 'Binned' })
    const live = await conn.sobject('Account').create({ Name: 'Live' })
    await conn.sobject('Contact').create({ LastName: 'Child', AccountId: id })
    await conn.sobject('Account').destroy(id)
    // jsforce's types speak of one result, whatever was asked.
    const results = [await conn.soap.emptyRecycleBin([id, live.id ?? '', 'nonsense'])].flat()
    expect(results.map(({ success }) => success)).toEqual([true, false, false])
    expect(results[0]?.id).toBe(id)
    expect(results.slice(1).map(({ errors }) => errors)).toMatchObject([
      [{ statusCode: 'DELETE_FAILED' }],
      [{ statusCode: 'MALFORMED_ID' }],
    ])
    await expect(conn.sobject('Account').retrieve(id)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' })
    const { totalSize } = await conn.query('SELECT Id FROM Contact', { scanAll: true })
    expect(totalSize).toBe(0)
  })
})
