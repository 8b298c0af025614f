import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, connect, REP, rest, startOrg, tokenOf } from '../../support/running-org.ts'

let org: PracticeOrg
beforeAll(async () => {
  org = await startOrg()
})
afterAll(() => org.close())

interface Layout {
  detailLayoutSections: { layoutRows: { layoutItems: { layoutComponents: { value: string }[] }[] }[] }[]
}
interface ListViews {
  listviews: { id: string; label: string; resultsUrl: string }[]
}

async function get<T>(path: string, username = ADMIN): Promise<T> {
  return (await rest(org.url, await tokenOf(org.url, username), path)).body as T
}

async function fieldsShownTo(username: string): Promise<string[]> {
  const layout = await get<Layout>('/sobjects/Account/describe/layouts/012000000000000AAA', username)
  return layout.detailLayoutSections
    .flatMap((section) => section.layoutRows)
    .flatMap((row) => row.layoutItems.flatMap((item) => item.layoutComponents.map(({ value }) => value)))
}

describe('the layouts of an object', () => {
  it('show the fields that the caller may read, and no others', async () => {
    expect(await fieldsShownTo(ADMIN)).toEqual(expect.arrayContaining(['Name', 'AnnualRevenue']))
    const forRep = await fieldsShownTo(REP)
    expect(forRep).toContain('Name')
    expect(forRep).not.toContain('AnnualRevenue')
  })

  it('are one, by name, for users', async () => {
    const token = await tokenOf(org.url)
    expect((await rest(org.url, token, '/sobjects/User/describe/namedLayouts/UserAlt')).status).toBe(200)
    expect((await rest(org.url, token, '/sobjects/User/describe/namedLayouts/Other')).status).toBe(404)
  })

  it('begin, where they are compact, with the name', async () => {
    const { compactLayouts } = await (await connect(org.url, ADMIN)).sobject('Lead').compactLayouts()
    const [system] = compactLayouts
    expect(system?.objectType).toBe('Lead')
    expect(system?.fieldItems[0]?.layoutComponents[0]?.value).toBe('Name')
  })

  it('are none for approvals', async () => {
    expect(await (await connect(org.url, ADMIN)).sobject('Account').approvalLayouts()).toEqual({ approvalLayouts: [] })
  })
})

describe('a list view', () => {
  it('of all records lists everyone’s, by name; of my records those I own', async () => {
    const [admin, rep] = [await connect(org.url, ADMIN), await connect(org.url, REP)]
    await rep.sobject('Account').create({ Name: 'Zeta' })
    await admin.sobject('Account').create({ Name: 'Alpha' })
    const [all, mine] = (await get<ListViews>('/sobjects/Account/listviews')).listviews
    expect([all?.label, mine?.label]).toEqual(['All Accounts', 'My Accounts'])
    const names = async (id = '') => {
      const path = `/sobjects/Account/listviews/${id}/results`
      return (await get<{ records: { columns: { value: string }[] }[] }>(path)).records.map(
        (row) => row.columns[0]?.value,
      )
    }
    expect(await names(all?.id)).toEqual(['Alpha', 'Zeta'])
    expect(await names(mine?.id)).toEqual(['Alpha'])
    expect(
      (
        await admin
          .sobject('Account')
          .listview(mine?.id ?? '')
          .explain()
      ).plans[0]?.sobjectType,
    ).toBe('Account')
  })

  it('is read page by page', async () => {
    const token = await tokenOf(org.url)
    const { resultsUrl } = (await get<ListViews>('/sobjects/Account/listviews')).listviews[0]!
    const path = resultsUrl.replace(/^\/services\/data\/v[\d.]+/, '')
    expect((await rest(org.url, token, `${path}?limit=1`)).body).toMatchObject({ done: false, size: 1 })
    expect((await rest(org.url, token, `${path}?limit=1&offset=1`)).body).toMatchObject({ done: true, size: 1 })
    expect((await rest(org.url, token, `${path}?limit=many`)).status).toBe(400)
  })

  it('is found under its own object alone', async () => {
    const token = await tokenOf(org.url)
    const { id } = (await get<ListViews>('/sobjects/Account/listviews')).listviews[0]!
    expect((await rest(org.url, token, `/sobjects/Lead/listviews/${id}/describe`)).status).toBe(404)
  })
})
