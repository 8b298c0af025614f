import type jsforce from 'jsforce'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { connect, startOrg } from '../../support/running-org.ts'
import { bayeux } from './bayeux.ts'

let org: PracticeOrg
let conn: jsforce.Connection
beforeAll(async () => {
  org = await startOrg({ cometHoldMs: 50 })
  conn = await connect(org.url)
})
afterAll(() => org.close())

const tooling = async (soql: string) =>
  (
    await conn.request<{ records: Record<string, unknown>[] }>(
      `/services/data/v62.0/tooling/query/?q=${encodeURIComponent(soql)}`,
    )
  ).records

interface Change {
  payload: Record<string, unknown> & { ChangeEventHeader: { changeType: string; changedFields: string[] } }
}

describe('a channel of change events', () => {
  it('tells the fields it is enriched with although they did not change, in updates and deletions', async () => {
    const client = await bayeux(org)
    for (const channel of ['/data/Sales__chn', '/data/LeadChangeEvent']) await client.subscribe(channel)
    const lead = { LastName: 'L', Company: 'Rich Ltd', LeadSource: 'Web' }
    const { id = '' } = await conn.sobject('Lead').create(lead)
    await conn.sobject('Lead').update({ Id: id, Phone: '1' })
    await conn.sobject('Lead').delete(id)
    const heard = await client.data()
    const on = (channel: string) =>
      heard.filter((message) => message['channel'] === channel).map(({ data }) => (data as Change).payload)
    const [, updated, deleted] = on('/data/Sales__chn')
    expect(updated).toMatchObject({ Phone: '1', Company: 'Rich Ltd', LeadSource: 'Web' })
    expect(updated?.ChangeEventHeader.changedFields).toEqual(['Phone', 'LastModifiedDate'])
    expect(deleted).toMatchObject({ Company: 'Rich Ltd', LeadSource: 'Web' })
    const [, plain, gone] = on('/data/LeadChangeEvent')
    expect(Object.keys(plain ?? {}).sort()).toEqual(['ChangeEventHeader', 'LastModifiedDate', 'Phone'])
    expect(Object.keys(gone ?? {})).toEqual(['ChangeEventHeader'])
  })

  it('is told of by the Tooling API, with its members, as are the objects selected for change events', async () => {
    expect(await tooling("SELECT Id, FullName FROM PlatformEventChannel WHERE DeveloperName = 'Sales'")).toMatchObject([
      { FullName: 'Sales__chn', ChannelType: 'data', MasterLabel: 'Sales', Metadata: { channelType: 'data' } },
    ])
    const members = await tooling('SELECT DeveloperName, SelectedEntity FROM PlatformEventChannelMember')
    expect(members.map((row) => row['DeveloperName'])).toEqual(
      expect.arrayContaining(['ChangeEvents_LeadChangeEvent', 'Sales_chn_LeadChangeEvent']),
    )
    const enriched = members.find((row) => row['DeveloperName'] === 'Sales_chn_LeadChangeEvent')
    expect(enriched).toMatchObject({
      FilterExpression: "LeadSource = 'Web' OR Rating = 'Hot'",
      Metadata: { enrichedFields: [{ name: 'Company' }, { name: 'LeadSource' }], selectedEntity: 'LeadChangeEvent' },
    })
    expect(
      await tooling("SELECT Id FROM PlatformEventChannelMember WHERE EventChannel = 'ChangeEvents' LIMIT 2"),
    ).toHaveLength(2)
  })
})

describe('the origin of a change', () => {
  const origins = (after: number) =>
    org.org.eventsAfter('ChangeEvents', after, 100).map(({ header }) => header.changeOrigin)

  it('names the door it came through and its client', async () => {
    const before = org.org.latestReplayId()
    const { id = '' } = await conn.sobject('Account').create({ Name: 'Doors' })
    await conn.soap.update({ type: 'Account', Id: id, Phone: '1' })
    await conn.bulk2.loadAndWaitForResults({
      object: 'Account',
      operation: 'update',
      input: `Id,Phone\n${id},2\n`,
      pollInterval: 20,
      pollTimeout: 10_000,
    })
    expect(origins(before)).toEqual([
      'com/salesforce/api/rest/62.0;client=loader',
      'com/salesforce/api/soap/62.0;client=loader',
      expect.stringMatching(/^com\/salesforce\/api\/bulkapi\/62\.0/),
    ])
  })

  it('is empty for changes made in a page', () => {
    const before = org.org.latestReplayId()
    const userId = org.org.user('admin@practice.example')?.id ?? ''
    org.org.create({ userId, api: 'ui', version: '67.0' }, 'Account', { Name: 'By hand' })
    expect(origins(before)).toEqual([''])
  })
})
