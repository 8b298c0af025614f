import { beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse } from './house.ts'

const DAY = 86_400_000
let house: House
beforeEach(() => {
  house = openHouse()
})
const create = (object: string, fields: Record<string, string | null>) =>
  house.org.create(house.as('admin'), object, fields)
const remove = (object: string, id: string) => house.org.delete(house.as('admin'), object, id)
const purge = (id: string, login = 'admin') => house.org.purge(house.as(login), id)
const retrieve = (object: string, id: string) => house.org.retrieve(house.as('admin'), object, id)
const binned = (object: string) =>
  house.org.query(house.as('admin'), `SELECT Id FROM ${object} WHERE IsDeleted = true`, { all: true }).records.length

describe('emptying the recycle bin', () => {
  it('removes a record for good, with its children and their history', () => {
    const account = create('Account', { Name: 'Gone' })
    const contact = create('Contact', { LastName: 'Gone too', AccountId: account })
    house.org.update(house.as('admin'), 'Account', account, { Name: 'Gone soon' })
    remove('Account', account)
    expect(codeOf(() => retrieve('Account', account))).toBe('ENTITY_IS_DELETED')
    purge(account)
    expect(codeOf(() => retrieve('Account', account))).toBe('NOT_FOUND')
    expect(codeOf(() => retrieve('Contact', contact))).toBe('NOT_FOUND')
    expect([binned('Account'), binned('Contact'), house.rows('SELECT Id FROM AccountHistory').length]).toEqual([
      0, 0, 0,
    ])
    expect(codeOf(() => house.org.undelete(house.as('admin'), account))).toBe('NOT_FOUND')
    expect(codeOf(() => purge(account))).toBe('NOT_FOUND')
  })

  it('leaves a record whose lookup to it was only blanked', () => {
    const account = create('Account', { Name: 'Parent' })
    const child = create('Account', { Name: 'Child', ParentId: account })
    remove('Account', account)
    purge(account)
    expect(retrieve('Account', child)['ParentId']).toBeNull()
  })

  it('takes what had gone to the bin before its parent along', () => {
    const account = create('Account', { Name: 'a' })
    const contact = create('Contact', { LastName: 'c', AccountId: account })
    remove('Contact', contact)
    remove('Account', account)
    purge(account)
    expect(codeOf(() => house.org.undelete(house.as('admin'), contact))).toBe('NOT_FOUND')
  })

  it('leaves the survivor of a merge what it got from the loser', () => {
    const [master, loser] = [create('Account', { Name: 'a' }), create('Account', { Name: 'b' })]
    const contact = create('Contact', { LastName: 'c', AccountId: loser })
    house.org.merge(house.as('admin'), { type: 'Account', masterId: master, fields: {}, loserIds: [loser] })
    purge(loser)
    expect(retrieve('Contact', contact)['AccountId']).toBe(master)
  })

  it.each([
    ['a live record', (id: string) => void id],
    [
      'a record that the bin has dropped after 15 days',
      (id: string) => {
        remove('Account', id)
        house.later(16 * DAY)
      },
    ],
  ])('refuses %s', (_, prepare) => {
    const id = create('Account', { Name: 'a' })
    prepare(id)
    expect(codeOf(() => purge(id))).toBe('DELETE_FAILED')
  })

  it('refuses a child that went with its parent, and a caller who may not delete', () => {
    const account = create('Account', { Name: 'a' })
    const contact = create('Contact', { LastName: 'c', AccountId: account })
    remove('Account', account)
    expect(codeOf(() => purge(contact))).toBe('DELETE_FAILED')
    expect(codeOf(() => purge(account, 'reader'))).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
    house.org.undelete(house.as('admin'), account)
    expect(codeOf(() => retrieve('Contact', contact))).toBe('none')
  })

  it('tells no subscriber, and is logged', () => {
    const account = create('Account', { Name: 'a' })
    remove('Account', account)
    const before = house.org.latestReplayId()
    purge(account)
    expect(house.org.latestReplayId()).toBe(before)
    expect(house.org.transactions().at(-1)).toMatchObject({
      committed: true,
      operations: [{ verb: 'purge', object: 'Account', id: account }],
    })
  })

  it('comes to nothing when the transaction around it fails', () => {
    const account = create('Account', { Name: 'a' })
    remove('Account', account)
    const work = () => {
      purge(account)
      remove('Account', account)
    }
    expect(codeOf(() => house.org.transaction(house.as('admin'), work))).toBe('NOT_FOUND')
    house.org.undelete(house.as('admin'), account)
    expect(retrieve('Account', account)['Name']).toBe('a')
  })
})
