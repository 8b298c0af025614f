import { afterEach, beforeEach, expect, it } from 'vitest'
import { codeOf, openHouse, refusalOf, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const person = (LastName: string, more: Record<string, string> = {}): string =>
  house.org.create(house.as('admin'), 'Account', { LastName, ...more })
const sorted = (names: string[]): string[] => names.toSorted()
const contactOf = (id: string): string =>
  String(house.rows(`SELECT PersonContactId FROM Account WHERE Id = '${id}'`)[0]!['PersonContactId'])

it('an account with a last name is a person, with a name put together and a contact that follows it', () => {
  const id = person('Doe', { FirstName: 'Ada', PersonEmail: 'ada@example.com' })
  house.org.update(house.as('admin'), 'Account', id, { LastName: 'Roe', PersonMobilePhone: '1' })

  expect(house.rows('SELECT Name, IsPersonAccount, PersonContact.Email FROM Account')).toMatchObject([
    { Name: 'Ada Roe', IsPersonAccount: true, PersonContact: { Email: 'ada@example.com' } },
  ])
  expect(house.rows('SELECT Id, Name, AccountId, MobilePhone, IsPersonAccount FROM Contact')).toMatchObject([
    { Id: contactOf(id), Name: 'Ada Roe', AccountId: id, MobilePhone: '1', IsPersonAccount: true },
  ])
})

it('a person has no name of its own and never loses the last one; a company has none', () => {
  const id = person('Doe')
  const company = house.org.create(house.as('admin'), 'Account', { Name: 'Acme' })
  const change = (which: string, fields: Record<string, string | null>) => () =>
    house.org.update(house.as('admin'), 'Account', which, fields)

  expect(refusalOf(() => person('Doe', { Name: 'Acme' }))).toMatchObject({
    errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
    fields: ['Name'],
  })
  expect(refusalOf(change(id, { LastName: null }))).toMatchObject({
    errorCode: 'REQUIRED_FIELD_MISSING',
    fields: ['LastName'],
  })
  expect(codeOf(change(company, { LastName: 'Doe' }))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
  expect(codeOf(change(id, { Name: 'Acme' }))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
})

it('the contact of a person goes with the account alone', () => {
  const id = person('Doe')
  expect(codeOf(() => house.org.delete(house.as('admin'), 'Contact', contactOf(id)))).toBe('DELETE_FAILED')
  house.org.delete(house.as('admin'), 'Account', id)
  expect(house.rows('SELECT Id FROM Contact')).toEqual([])
  house.org.undelete(house.as('admin'), id)
  expect(house.rows('SELECT Id FROM Contact')).toMatchObject([{ Id: contactOf(id) }])
})

it('merging persons unites their contacts, with what hangs on them', () => {
  const [master, loser] = [person('Doe'), person('Dou')]
  const WhoId = contactOf(loser)
  house.org.create(house.as('admin'), 'Task', { Subject: 'Call', WhoId })
  const result = house.org.merge(house.as('admin'), {
    type: 'Account',
    masterId: master,
    fields: {},
    loserIds: [loser],
  })

  expect(result).toMatchObject({ success: true })
  expect(house.rows('SELECT Id FROM Contact')).toMatchObject([{ Id: contactOf(master) }])
  expect(house.rows('SELECT WhoId FROM Task')).toMatchObject([{ WhoId: contactOf(master) }])
})

it('what is changed on the contact of a person shows on the account, as one record', () => {
  const id = person('Doe', { FirstName: 'Ada' })
  const change = (fields: Record<string, string | null>) =>
    house.org.update(house.as('admin'), 'Contact', contactOf(id), fields)
  house.later(60_000)
  change({ LastName: 'Roe', Email: 'ada@example.com', MailingCity: 'Lyon' })
  const fields = 'Name, LastName, PersonEmail, PersonMailingCity, LastModifiedDate, PersonContact.LastModifiedDate'
  const [row] = house.rows(`SELECT ${fields} FROM Account`)

  expect(row).toMatchObject({
    Name: 'Ada Roe',
    LastName: 'Roe',
    PersonEmail: 'ada@example.com',
    PersonMailingCity: 'Lyon',
    PersonContact: { LastModifiedDate: row!['LastModifiedDate'] },
  })
  expect(codeOf(() => change({ AccountId: null }))).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
})

it('every change of a person is told twice: of the account, then of its contact', () => {
  const { org } = house
  const admin = house.as('admin')
  const told = (work: () => unknown) => {
    const from = org.latestReplayId()
    work()
    return org
      .eventsAfter(['AccountChangeEvent', 'ContactChangeEvent'], from, 10)
      .map(({ header: { entityName, changeType, changedFields } }) => [entityName, changeType, ...changedFields])
  }
  let id = ''
  expect(told(() => (id = person('Doe', { PersonEmail: 'a@example.com' })))).toEqual([
    ['Account', 'CREATE'],
    ['Contact', 'CREATE'],
  ])
  expect(told(() => org.update(admin, 'Account', id, { PersonEmail: 'b@example.com' })).map(sorted)).toEqual([
    ['Account', 'LastModifiedDate', 'PersonEmail', 'UPDATE'],
    ['Contact', 'Email', 'LastModifiedDate', 'UPDATE'],
  ])
  expect(told(() => org.update(admin, 'Account', id, { Industry: 'Banking' })).map(sorted)).toEqual([
    ['Account', 'Industry', 'LastModifiedDate', 'UPDATE'],
    ['Contact', 'LastModifiedDate', 'UPDATE'],
  ])
  const gone = [
    ['Account', 'DELETE'],
    ['Contact', 'DELETE'],
  ]
  expect(told(() => org.delete(admin, 'Account', id)).toSorted()).toEqual(gone)
  expect(told(() => org.undelete(admin, id)).toSorted()).toEqual(gone.map(([name]) => [name, 'UNDELETE']))
})

it('the copies others keep of a person follow him', () => {
  const { org } = house
  const admin = house.as('admin')
  const id = person('Doe')
  const ContactId = contactOf(id)
  org.create(admin, 'Case', { ContactId })
  org.create(admin, 'CampaignMember', { ContactId, CampaignId: org.create(admin, 'Campaign', { Name: 'Fair' }) })
  org.update(admin, 'Account', id, { LastName: 'Roe', PersonEmail: 'roe@example.com' })

  expect(house.rows('SELECT ContactEmail FROM Case')).toMatchObject([{ ContactEmail: 'roe@example.com' }])
  expect(house.rows('SELECT Name, CompanyOrAccount FROM CampaignMember')).toMatchObject([
    { Name: 'Roe', CompanyOrAccount: 'Roe' },
  ])
})

it('a person who is loaded has a record type and a contact too', () => {
  const [id] = house.org.load('Account', [{ LastName: 'Doe', IsPersonAccount: true, PersonEmail: 'doe@example.com' }])
  const fields = 'Name, RecordType.IsPersonType, PersonContact.Email, PersonContact.AccountId'
  expect(house.rows(`SELECT ${fields} FROM Account`)).toMatchObject([
    { Name: 'Doe', RecordType: { IsPersonType: true }, PersonContact: { Email: 'doe@example.com', AccountId: id } },
  ])
})
