import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, READER, rest } from '../../support/running-org.ts'
import { errorOf, openWire, plain, sObject, type Node, type Wire } from './wire.ts'

const DAY = 86_400_000
let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

const ids = (...list: string[]): string => list.map((id) => `<ids>${id}</ids>`).join('')
const remove = (...list: string[]) => wire.call('delete', ids(...list))
const undelete = (...list: string[]) => wire.call('undelete', ids(...list))
const account = (Name: string, more: Record<string, string> = {}) => wire.create('Account', { Name, ...more })

describe('delete over SOAP', () => {
  it('takes ids of several types, of 15 characters too, and answers for each', async () => {
    const contact = await wire.create('Contact', { LastName: 'c' })
    const lead = await wire.create('Lead', { LastName: 'l', Company: 'c' })
    const answer = await remove(contact.slice(0, 15), lead, contact)
    expect(answer.results.map(({ id, success }) => [plain(id), success])).toEqual([
      [contact, 'true'],
      [lead, 'true'],
      [contact, 'false'],
    ])
    expect(errorOf(answer, 2)).toMatchObject({ statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' })
  })

  it('takes along what cascades, and blanks what merely points there', async () => {
    const parent = await account('Parent')
    const child = await account('Child', { ParentId: parent })
    const contact = await wire.create('Contact', { LastName: 'c', AccountId: parent })
    await remove(parent)
    expect(await wire.value('Contact', contact, 'IsDeleted')).toBe('true')
    expect(await wire.value('Account', child, 'ParentId')).toBeNull()
  })

  it('refuses a record that restricts its deletion, naming what holds it', async () => {
    const id = await account('Busy')
    await wire.create('Case', { Subject: 'x', AccountId: id })
    const answer = await remove(id)
    expect(errorOf(answer)['statusCode']).toBe('DELETE_FAILED')
    expect(errorOf(answer)['message']).toMatch(/delete Busy could not be completed .* following cases\.: 0000\d+/)
    expect(await wire.value('Account', id, 'IsDeleted')).toBe('false')
  })

  it.each<[string, string, string]>([
    ['a malformed id', 'nonsense', 'MALFORMED_ID'],
    ['an unknown id', '001000000000zzzAAA', 'INVALID_CROSS_REFERENCE_KEY'],
  ])('refuses %s', async (_, id, statusCode) => {
    expect(errorOf(await remove(id))['statusCode']).toBe(statusCode)
  })

  it('refuses who may not delete, and the deletion of people', async () => {
    const id = await account('a')
    const answer = await wire.call('delete', ids(id), { as: READER })
    expect(errorOf(answer)['statusCode']).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
    const user = String((await wire.call('getUserInfo')).results[0]?.['userId'])
    expect(errorOf(await remove(user))['statusCode']).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
  })

  it('leaves everything when all or none is asked for and one row fails', async () => {
    const id = await account('a')
    const headers = '<AllOrNoneHeader><allOrNone>true</allOrNone></AllOrNoneHeader>'
    const answer = await wire.call('delete', ids(id, 'nonsense'), { headers })
    expect([errorOf(answer)['statusCode'], errorOf(answer, 1)['statusCode']]).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'MALFORMED_ID',
    ])
    expect(await wire.value('Account', id, 'IsDeleted')).toBe('false')
  })

  it('takes at most 200 ids', async () => {
    const { fault } = await remove(...Array.from({ length: 201 }, () => '001000000000001AAA'))
    expect(fault['faultstring']).toMatch(
      /EXCEEDED_ID_LIMIT: record limit reached\. cannot submit more than 200 records/,
    )
  })
})

describe('undelete over SOAP', () => {
  it('brings back the record, what went with it, and lookups that nobody has set since', async () => {
    const parent = await account('Parent')
    const [blanked, reset, other] = [
      await account('a', { ParentId: parent }),
      await account('b', { ParentId: parent }),
      await account('o'),
    ]
    const contact = await wire.create('Contact', { LastName: 'c', AccountId: parent })
    await remove(parent)
    await wire.call('update', sObject('Account', { Id: reset, ParentId: other }))
    expect((await undelete(parent)).results).toMatchObject([{ id: parent, success: 'true' }])
    expect(await wire.value('Contact', contact, 'IsDeleted')).toBe('false')
    expect(await wire.value('Account', blanked, 'ParentId')).toBe(parent)
    expect(await wire.value('Account', reset, 'ParentId')).toBe(other)
  })

  it('brings back a merged record without what moved away from it', async () => {
    const [master, loser] = [await account('m'), await account('l')]
    const contact = await wire.create('Contact', { LastName: 'c', AccountId: loser })
    const request = `${sObject('Account', { Id: master }, 'masterRecord')}<recordToMergeIds>${loser}</recordToMergeIds>`
    await wire.call('merge', `<mergeRequests>${request}</mergeRequests>`)
    expect((await undelete(loser)).results).toMatchObject([{ success: 'true' }])
    expect(await wire.value('Account', loser, 'MasterRecordId')).toBeNull()
    expect(await wire.value('Contact', contact, 'AccountId')).toBe(master)
  })

  it('refuses a record whose unique value another has taken meanwhile', async () => {
    const first = await wire.create('Shipment__c', { Key__c: 'once' })
    await remove(first)
    await wire.create('Shipment__c', { Key__c: 'once' })
    expect(errorOf(await undelete(first))['statusCode']).toBe('DUPLICATE_VALUE')
  })

  it('refuses what is not deleted, what went with its parent, and what is of no undeletable kind', async () => {
    const parent = await account('p')
    const contact = await wire.create('Contact', { LastName: 'c', AccountId: parent })
    expect(errorOf(await undelete(parent))['statusCode']).toBe('UNDELETE_FAILED')
    await remove(parent)
    expect(errorOf(await undelete(contact))['statusCode']).toBe('UNDELETE_FAILED')
    const kept = await account('k')
    const userId = String((await wire.call('getUserInfo')).results[0]?.['userId'])
    const member = await wire.create('AccountTeamMember', { AccountId: kept, UserId: userId })
    await remove(member)
    expect(errorOf(await undelete(member))['statusCode']).toBe('INVALID_TYPE_FOR_OPERATION')
  })

  it('refuses what has been in the bin for more than 15 days', async () => {
    const id = await account('old')
    await remove(id)
    wire.later(15 * DAY + 1000)
    expect(errorOf(await undelete(id))['statusCode']).toBe('UNDELETE_FAILED')
  })

  it('works through jsforce, one id or several', async () => {
    const conn = await connect(wire.org.url)
    const [one, two] = [await account('1'), await account('2')]
    await conn.sobject('Account').destroy([one, two])
    const results = [await conn.soap.undelete([one, two])].flat()
    expect(results.map(({ id, success }) => [id, success])).toEqual([
      [one, true],
      [two, true],
    ])
    expect(await conn.sobject('Account').find({ Id: [one, two] }, 'Id')).toHaveLength(2)
  })
})

describe('getDeleted and getUpdated over SOAP', () => {
  const span = async (call: string, type = 'Account') => {
    const { results } = await wire.call('getServerTimestamp')
    const now = Date.parse(String(results[0]?.['timestamp']))
    const at = (ms: number) => new Date(now + ms).toISOString()
    const answer = await wire.call(
      call,
      `<sObjectType>${type}</sObjectType><startDate>${at(-3_600_000)}</startDate><endDate>${at(120_000)}</endDate>`,
    )
    return answer.results[0] ?? {}
  }
  const deletedIds = async () =>
    [(await span('getDeleted'))['deletedRecords'] ?? []].flat().map((each) => (each as Node)['id'])

  it('list what was deleted or merged away, until it is restored', async () => {
    const [gone, master, loser] = [await account('g'), await account('m'), await account('l')]
    const request = `${sObject('Account', { Id: master }, 'masterRecord')}<recordToMergeIds>${loser}</recordToMergeIds>`
    await wire.call('merge', `<mergeRequests>${request}</mergeRequests>`)
    await remove(gone)
    expect(await deletedIds()).toEqual(expect.arrayContaining([gone, loser]))
    expect([(await span('getUpdated'))['ids']].flat()).toContain(master)
    await undelete(gone)
    expect(await deletedIds()).not.toContain(gone)
    await wire.call('emptyRecycleBin', ids(loser))
    expect(await deletedIds()).toContain(loser)
    const { earliestDateAvailable, latestDateCovered } = await span('getDeleted')
    expect([earliestDateAvailable, latestDateCovered]).toEqual([
      expect.stringMatching(/Z$/) as string,
      expect.stringMatching(/:00\.000Z$/) as string,
    ])
  })

  it.each<[string, string]>([
    ['2026-11-18T12:00:00Z', '2026-11-18T12:00:30Z'],
    ['2026-11-18T12:00:00Z', '2026-11-18T11:00:00Z'],
    ['2026-09-18T12:00:00Z', '2026-11-18T11:00:00Z'],
    ['yesterday', 'today'],
  ])('refuse a span from %s to %s', async (start, end) => {
    const content = `<sObjectType>Account</sObjectType><startDate>${start}</startDate><endDate>${end}</endDate>`
    const { fault } = await wire.call('getDeleted', content)
    expect(fault['faultcode']).toBe('sf:INVALID_REPLICATION_DATE')
  })
})

describe('emptyRecycleBin over SOAP', () => {
  it('refuses who may not delete, and what was never deleted', async () => {
    const id = await account('a')
    expect(errorOf(await wire.call('emptyRecycleBin', ids(id)))['statusCode']).toBe('DELETE_FAILED')
    await remove(id)
    const answer = await wire.call('emptyRecycleBin', ids(id), { as: READER })
    expect(errorOf(answer)['statusCode']).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
    expect((await wire.call('emptyRecycleBin', ids(id))).results).toMatchObject([{ id, success: 'true' }])
    expect((await rest(wire.org.url, await wire.token(), `/sobjects/Account/${id}`)).status).toBe(404)
  })
})
