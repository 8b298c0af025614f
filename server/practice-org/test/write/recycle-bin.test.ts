import { beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse } from '../support/engine-harness.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
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
    house.later(2 * DAY)
    expect(codeOf(() => retrieve('Account', account))).toBe('NOT_FOUND')
    expect(codeOf(() => retrieve('Contact', contact))).toBe('NOT_FOUND')
    expect([binned('Account'), binned('Contact'), house.rows('SELECT Id FROM AccountHistory').length]).toEqual([
      0, 0, 0,
    ])
    expect(codeOf(() => house.org.undelete(house.as('admin'), account))).toBe('NOT_FOUND')
    expect(codeOf(() => purge(account))).toBe('NOT_FOUND')
  })

  it('shows the record to those who ask for deleted ones for a day more, and nobody restores it', () => {
    const account = create('Account', { Name: 'Going' })
    const contact = create('Contact', { LastName: 'Going too', AccountId: account })
    remove('Account', account)
    purge(account)
    expect([binned('Account'), binned('Contact')]).toEqual([1, 1])
    expect(codeOf(() => retrieve('Account', account))).toBe('ENTITY_IS_DELETED')
    for (const id of [account, contact]) {
      expect(codeOf(() => house.org.undelete(house.as('admin'), id))).toBe('UNDELETE_FAILED')
      expect(codeOf(() => purge(id))).toBe('DELETE_FAILED')
    }
    house.later(DAY - 1000)
    expect([binned('Account'), binned('Contact')]).toEqual([1, 1])
    house.later(2 * HOUR)
    expect([binned('Account'), binned('Contact')]).toEqual([0, 0])
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
    expect(codeOf(() => house.org.undelete(house.as('admin'), contact))).toBe('UNDELETE_FAILED')
    house.later(2 * DAY)
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
        house.later(15 * DAY + HOUR)
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
    expect(codeOf(() => house.org.transaction(house.as('admin'), work))).toBe('ENTITY_IS_DELETED')
    house.org.undelete(house.as('admin'), account)
    expect(retrieve('Account', account)['Name']).toBe('a')
  })
})

describe('the recycle bin by itself', () => {
  it('lets a record go after 15 days, and the org a day later', () => {
    const account = create('Account', { Name: 'Old' })
    create('Contact', { LastName: 'Old too', AccountId: account })
    remove('Account', account)
    house.later(15 * DAY - HOUR)
    house.org.undelete(house.as('admin'), account)
    remove('Account', account)
    house.later(15 * DAY + HOUR)
    expect(codeOf(() => house.org.undelete(house.as('admin'), account))).toBe('UNDELETE_FAILED')
    expect([binned('Account'), binned('Contact')]).toEqual([1, 1])
    house.later(DAY + HOUR)
    expect([binned('Account'), binned('Contact')]).toEqual([0, 0])
  })

  it('that is too full is emptied of what lies there longest, for two hours at least', () => {
    house = openHouse(':memory:', undefined, { recycleBinRows: 3 })
    const ids = [1, 2, 3, 4, 5].map((n) => create('Account', { Name: `Binned ${n}` }))
    for (const id of ids) {
      remove('Account', id)
      house.later(60_000)
    }
    house.later(HOUR + 1000)
    expect(binned('Account')).toBe(5)
    house.later(2 * HOUR)
    expect(binned('Account')).toBe(5)
    const codes = ids.map((id) => codeOf(() => house.org.undelete(house.as('admin'), id)))
    expect(codes).toEqual(['UNDELETE_FAILED', 'UNDELETE_FAILED', 'none', 'none', 'none'])
  })
})
