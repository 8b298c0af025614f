import { afterEach, beforeEach, expect, it } from 'vitest'
import { codeOf, openHouse, refusalOf, type House } from '../engine/house.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const person = (LastName: string, more: Record<string, string> = {}): string =>
  house.org.create(house.as('admin'), 'Account', { LastName, ...more })
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
