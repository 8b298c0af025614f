import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connect, REP, rest } from '../../support/running-org.ts'
import { errorOf, openWire, sObject, type Wire } from './wire.ts'

let wire: Wire
let rep: string
let manager: string
let auditor: string
beforeAll(async () => {
  wire = await openWire()
  const { records } = await (await connect(wire.org.url)).query('SELECT Id, Alias FROM User')
  const idOf = (alias: string): string => String(records.find((row) => row['Alias'] === alias)?.Id)
  ;[rep, manager, auditor] = [idOf('rep'), idOf('manager'), idOf('reader')]
})
afterAll(() => wire.close())

let account: string
const owned: Record<string, string> = {}
beforeEach(async () => {
  account = await wire.create('Account', { Name: 'a', OwnerId: rep })
  const deal = { Name: 'd', CloseDate: '2026-12-01', AccountId: account }
  const make = async (name: string, type: string, fields: Record<string, string>, OwnerId = rep) => {
    owned[name] = await wire.create(type, { ...fields, OwnerId })
  }
  await make('Opportunity', 'Opportunity', { ...deal, StageName: 'Prospecting' })
  await make('Closed', 'Opportunity', { ...deal, StageName: 'Closed Won' })
  await make('Others', 'Opportunity', { ...deal, StageName: 'Prospecting' }, auditor)
  await make('Contact', 'Contact', { LastName: 'c', AccountId: account })
  await make('Case', 'Case', { Subject: 'c', AccountId: account })
  await make('ClosedCase', 'Case', { Subject: 'c', AccountId: account, Status: 'Closed' })
  await make('Task', 'Task', { Subject: 't', WhatId: account })
  await make('Done', 'Task', { Subject: 't', WhatId: account, Status: 'Completed' })
  await make('Note', 'Note', { Title: 'n', ParentId: account })
  await make('Contract', 'Contract', { AccountId: account })
  owned['Team'] = await wire.create('AccountTeamMember', { AccountId: account, UserId: auditor })
})
const TYPES: Record<string, string> = { Closed: 'Opportunity', Others: 'Opportunity', ClosedCase: 'Case', Done: 'Task' }
const transfer = (options: string[], type = 'Account', id = account) => {
  const list = options.map((each) => `<options><execute>true</execute><type>${each}</type></options>`).join('')
  const headers = options.length ? `<OwnerChangeOptions>${list}</OwnerChangeOptions>` : ''
  return wire.call('update', sObject(type, { Id: id, OwnerId: manager }), { headers })
}
/** Which of the records belong to the new owner now. */
const moved = async (): Promise<string[]> => {
  const names = Object.keys(owned).filter((name) => name !== 'Team')
  const owners = await Promise.all(names.map((name) => wire.value(TYPES[name] ?? name, owned[name] ?? '', 'OwnerId')))
  return names.filter((_, i) => owners[i] === manager).sort()
}
const hasTeam = async () => (await wire.value('AccountTeamMember', owned['Team'] ?? '', 'IsDeleted')) === 'false'

describe('a new owner of an account', () => {
  it('gets nothing that hangs on it, and the team ends', async () => {
    expect((await transfer([])).results).toMatchObject([{ success: 'true' }])
    expect([await moved(), await hasTeam()]).toEqual([[], false])
  })

  it('gets no more over REST', async () => {
    const init = { method: 'PATCH', body: JSON.stringify({ OwnerId: manager }) }
    expect((await rest(wire.org.url, await wire.token(), `/sobjects/Account/${account}`, init)).status).toBe(204)
    expect([await moved(), await hasTeam()]).toEqual([[], false])
  })

  it.each<[string[], string[]]>([
    [['TransferOwnedOpenOpportunities'], ['Opportunity']],
    [
      ['TransferOwnedOpenOpportunities', 'TransferOthersOpenOpportunities'],
      ['Opportunity', 'Others'],
    ],
    [['TransferOwnedClosedOpportunities'], ['Closed']],
    [['TransferOwnedOpenCases'], ['Case']],
    [
      ['TransferOwnedOpenCases', 'TransferAllOwnedCases'],
      ['Case', 'ClosedCase'],
    ],
    [['TransferContacts'], ['Contact']],
    [['TransferContracts'], ['Contract']],
    [['TransferOpenActivities'], ['Task']],
    [['TransferNotesAndAttachments'], ['Note']],
  ])('gets with %j %j', async (options, expected) => {
    await transfer(options)
    expect(await moved()).toEqual(expected)
  })

  it('keeps the team when told so', async () => {
    await transfer(['KeepAccountTeam'])
    expect(await hasTeam()).toBe(true)
  })

  it.each(['TransferOthersOpenOpportunities', 'TransferAllOwnedCases'])('is refused with %s alone', async (option) => {
    expect(errorOf(await transfer([option]))['statusCode']).toBe('FIELD_INTEGRITY_EXCEPTION')
    expect(await wire.value('Account', account, 'OwnerId')).toBe(rep)
  })
})

describe('a new owner', () => {
  it('of a lead gets its open activities when told so', async () => {
    const lead = await wire.create('Lead', { LastName: 'l', Company: 'c', OwnerId: rep })
    const task = await wire.create('Task', { Subject: 't', WhoId: lead, OwnerId: rep })
    await transfer(['TransferOpenActivities'], 'Lead', lead)
    expect(await wire.value('Task', task, 'OwnerId')).toBe(manager)
  })

  it('must be able to read such records', async () => {
    const minimum = await (
      await connect(wire.org.url)
    ).query("SELECT Id FROM Profile WHERE Name LIKE 'Minimum Access%'")
    const newcomer = await wire.create('User', {
      Username: 'new@practice.example',
      Email: 'new@practice.example',
      LastName: 'New',
      Alias: 'new',
      ProfileId: String(minimum.records[0]?.Id),
    })
    const answer = await wire.call('update', sObject('Account', { Id: account, OwnerId: newcomer }))
    expect(errorOf(answer)).toMatchObject({ statusCode: 'TRANSFER_REQUIRES_READ', fields: 'OwnerId' })
  })

  it('is chosen by the old one, his superiors or who may transfer, and by nobody else', async () => {
    const theirs = await wire.create('Lead', { LastName: 'l', Company: 'c' })
    const answer = await wire.call('update', sObject('Lead', { Id: theirs, OwnerId: rep }), { as: REP })
    expect(errorOf(answer)['statusCode']).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
  })
})
