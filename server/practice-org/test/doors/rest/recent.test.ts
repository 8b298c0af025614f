import { describe, expect, it } from 'vitest'
import { connect, openOrgForFile, REP, rest, tokenOf } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()

const MRU = { 'sforce-mru': 'updateMru=true' }
const get = (path: string, headers: Record<string, string> = {}, as = token) => rest(org.url, as, path, { headers })
const create = async (type: string, fields: object, headers: Record<string, string> = MRU): Promise<string> => {
  const { body } = await rest(org.url, token, `/sobjects/${type}`, {
    method: 'POST',
    body: JSON.stringify(fields),
    headers,
  })
  return (body as { id: string }).id
}
const recentIds = async (path = '/recent', as = token): Promise<string[]> =>
  ((await get(path, {}, as)).body as { Id: string }[]).map(({ Id }) => Id)

describe('the records a user looked at', () => {
  it('are listed the latest first, as often as asked to remember and for him alone', async () => {
    const first = await create('Account', { Name: 'First Seen' })
    const second = await create('Contact', { LastName: 'Second Seen' })
    await create('Account', { Name: 'Never Seen' }, {})
    expect((await recentIds()).slice(0, 2)).toEqual([second, first])
    await get(`/sobjects/Account/${first}?fields=Name`, MRU)
    await get(`/sobjects/Contact/${second}?fields=Name`)
    expect((await get('/recent?limit=1')).body).toEqual([
      {
        attributes: { type: 'Account', url: `/services/data/v62.0/sobjects/Account/${first}` },
        Id: first,
        Name: 'First Seen',
      },
    ])
    expect(await recentIds('/recent', await tokenOf(org.url, REP))).toEqual([])
    expect((await get('/recent?limit=none')).status).toBe(400)
  })

  it('are the recent items of their object, and jsforce reads them', async () => {
    const id = await create('Lead', { LastName: 'Recent', Company: 'Item' })
    const conn = await connect(org.url)
    expect((await conn.recent()).map(({ Id }) => Id)).toContain(id)
    const { body } = await get('/sobjects/Lead')
    expect(body).toMatchObject({ objectDescribe: { name: 'Lead' }, recentItems: [{ Id: id, Name: 'Recent' }] })
  })

  it('tell when this user saw them, on the record and as rows of RecentlyViewed', async () => {
    const id = await create('Account', { Name: 'Dated By Viewing' }, {})
    const dates = async (as = token): Promise<unknown> =>
      (await get(`/query?q=SELECT+LastViewedDate+FROM+Account+WHERE+Id='${id}'`, {}, as)).body
    expect(await dates()).toMatchObject({ records: [{ LastViewedDate: null }] })
    await get(`/query?q=SELECT+Id+FROM+Account+WHERE+Id='${id}'`, MRU)
    expect(await dates()).toMatchObject({ records: [{ LastViewedDate: expect.any(String) as string }] })
    expect((await get(`/sobjects/Account/${id}?fields=LastReferencedDate`)).body).toMatchObject({
      LastReferencedDate: expect.any(String) as string,
    })
    const soql = `SELECT Id, Type, Name FROM RecentlyViewed WHERE Type = 'Account' AND Id = '${id}'`
    expect((await get(`/query?q=${encodeURIComponent(soql)}`)).body).toMatchObject({
      totalSize: 1,
      records: [{ Type: 'Account', Name: 'Dated By Viewing' }],
    })
  })

  it('drop out when they are deleted', async () => {
    const id = await create('Account', { Name: 'Soon Gone' })
    expect(await recentIds()).toContain(id)
    await rest(org.url, token, `/sobjects/Account/${id}`, { method: 'DELETE' })
    expect(await recentIds()).not.toContain(id)
  })
})
