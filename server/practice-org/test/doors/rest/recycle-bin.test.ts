import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { connect, startOrg } from '../../support/running-org.ts'

let org: PracticeOrg
beforeAll(async () => {
  org = await startOrg()
})
afterAll(() => org.close())

describe('emptyRecycleBin over SOAP', () => {
  it('answers for every id, and what it took is told as deleted, to be restored by nobody', async () => {
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
    await expect(conn.sobject('Account').retrieve(id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' })
    const { records } = await conn.query('SELECT IsDeleted FROM Contact', { scanAll: true })
    expect(records).toMatchObject([{ IsDeleted: true }])
    // jsforce's types speak of one result, whatever was asked.
    expect([await conn.soap.undelete([id])].flat()).toMatchObject([
      { success: false, errors: [{ statusCode: 'UNDELETE_FAILED' }] },
    ])
  })
})
