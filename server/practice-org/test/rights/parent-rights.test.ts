// Rows by which a user could come to more rights than he has, and rows that others need.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Value } from '../../src/org/values.ts'
import { codeOf, openHouse, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

type Fields = Record<string, Value>
const create = (login: string, object: string, fields: Fields): string =>
  house.org.create(house.as(login), object, fields)
const tried = (login: string, object: string, fields: Fields): string => codeOf(() => create(login, object, fields))
const idOf = (login: string): string => house.as(login).userId
const idBy = (soql: string): string => String(house.rows(soql)[0]!['Id'])

const CLOSED = 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY'

describe('whoever may only read a record', () => {
  const shown = (object: 'Account' | 'Opportunity', level: string, fields: Fields): string => {
    const id = create('admin', object, fields)
    const more: Fields = object === 'Account' ? { OpportunityAccessLevel: 'None' } : {}
    const to = { UserOrGroupId: idOf('rep'), [`${object}Id`]: id, [`${object}AccessLevel`]: level, ...more }
    create('admin', `${object}Share`, to)
    return id
  }
  const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' }

  it('does not make himself a member of its team, nor does who may edit it', () => {
    const AccountId = shown('Account', 'Edit', { Name: 'Acme' })
    const OpportunityId = shown('Opportunity', 'Read', deal)
    const UserId = idOf('rep')

    expect(tried('rep', 'AccountTeamMember', { AccountId, UserId, OpportunityAccessLevel: 'Edit' })).toBe(CLOSED)
    expect(tried('rep', 'OpportunityTeamMember', { OpportunityId, UserId })).toBe(CLOSED)
    expect(tried('admin', 'OpportunityTeamMember', { OpportunityId, UserId })).toBe('none')
  })

  it('does not put it into his territory', () => {
    const ObjectId = shown('Account', 'Read', { Name: 'Acme' })
    const model = { Name: 'm', DeveloperName: 'm', State: 'Active' }
    const Territory2ModelId = create('admin', 'Territory2Model', model)
    const kind = { MasterLabel: 't', DeveloperName: 't', Priority: 1 }
    const Territory2TypeId = create('admin', 'Territory2Type', kind)
    const levels = { AccountAccessLevel: 'All', OpportunityAccessLevel: 'Edit' }
    const names = { Name: 't', DeveloperName: 't', Territory2ModelId, Territory2TypeId }
    const Territory2Id = create('admin', 'Territory2', { ...names, ...levels })
    const fields = { ObjectId, Territory2Id, AssociationCause: 'Territory2Manual' }

    expect(tried('rep', 'ObjectTerritory2Association', fields)).toBe(CLOSED)
    expect(tried('admin', 'ObjectTerritory2Association', fields)).toBe('none')
  })

  it('makes none of the rows that are part of it', () => {
    const OpportunityId = shown('Opportunity', 'Read', deal)
    const ContactId = create('rep', 'Contact', { LastName: 'Doe' })
    expect(tried('rep', 'OpportunityContactRole', { OpportunityId, ContactId })).toBe(CLOSED)
    expect(tried('admin', 'OpportunityContactRole', { OpportunityId, ContactId })).toBe('none')
  })

  it('links a file on for others to look at, never to change, and does not replace it', () => {
    create('admin', 'ContentVersion', { Title: 'a', PathOnClient: 'a.txt', VersionData: 'aGk=' })
    const ContentDocumentId = idBy('SELECT Id FROM ContentDocument')
    const own = create('admin', 'ContentDocumentLink', {
      ContentDocumentId,
      LinkedEntityId: idOf('rep'),
      ShareType: 'V',
    })
    const link = { ContentDocumentId, LinkedEntityId: idOf('elena.marsh') }
    const raise = () => house.org.update(house.as('rep'), 'ContentDocumentLink', own, { ShareType: 'C' })
    const version = { Title: 'b', PathOnClient: 'a.txt', VersionData: 'aGk=', ContentDocumentId }

    expect(tried('rep', 'ContentDocumentLink', { ...link, ShareType: 'C' })).toBe(CLOSED)
    expect(codeOf(raise)).toBe(CLOSED)
    expect(tried('rep', 'ContentVersion', version)).toBe(CLOSED)
    expect(tried('rep', 'ContentDocumentLink', { ...link, ShareType: 'V' })).toBe('none')
  })
})

it('members of a campaign are shown to those who see the lead or contact', () => {
  const CampaignId = create('admin', 'Campaign', { Name: 'Fair' })
  const join = (login: string, LastName: string) =>
    create('admin', 'CampaignMember', {
      CampaignId,
      LeadId: create(login, 'Lead', { LastName, Company: 'Acme', Email: `${LastName}@example.com` }),
    })
  join('admin', 'hidden')
  join('rep', 'own')

  expect(house.rows('SELECT Email FROM CampaignMember', 'rep')).toMatchObject([{ Email: 'own@example.com' }])
})

it('what others cannot be without is not deleted: a profile with users, a queue that owns records', () => {
  const queue = idBy("SELECT Id FROM Group WHERE Type = 'Queue'")
  const lead = create('admin', 'Lead', { LastName: 'Doe', Company: 'Acme', OwnerId: queue })
  const remove = (object: string, id: string) => codeOf(() => house.org.delete(house.as('admin'), object, id))

  expect(remove('Profile', idBy("SELECT Id FROM Profile WHERE Name = 'Sales User'"))).toBe('DELETE_FAILED')
  expect(remove('Group', queue)).toBe('DELETE_FAILED')
  house.org.update(house.as('admin'), 'Lead', lead, { OwnerId: idOf('rep') })
  expect(remove('Group', queue)).toBe('none')
})
