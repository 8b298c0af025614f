import { beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse } from '../support/engine-harness.ts'

let house: House
let leadId: string
beforeEach(() => {
  house = openHouse()
  leadId = house.org.create(house.as('admin'), 'Lead', {
    LastName: 'Lee',
    FirstName: 'Lin',
    Company: 'Lumen',
    Email: 'lin@lumen.example',
    Phone: '1',
    Website: 'lumen.example',
    City: 'Oslo',
    LeadSource: 'Web',
  })
})
const convertedStatus = 'Closed - Converted'

describe('the conversion of a lead', () => {
  it('makes an account, a contact and an opportunity of it', () => {
    const admin = house.as('admin')
    const result = house.org.convertLead(house.as('writer'), { leadId, convertedStatus })
    expect(result.success).toBe(true)
    expect(house.org.retrieve(admin, 'Account', result.accountId ?? '')).toMatchObject({
      Name: 'Lumen',
      BillingCity: 'Oslo',
      AccountSource: 'Web',
      OwnerId: admin.userId,
    })
    expect(house.org.retrieve(admin, 'Contact', result.contactId ?? '')).toMatchObject({
      Name: 'Lin Lee',
      MailingCity: 'Oslo',
      AccountId: result.accountId,
    })
    expect(house.org.retrieve(admin, 'Opportunity', result.opportunityId ?? '')).toMatchObject({
      Name: 'Lumen',
      CloseDate: '2026-12-31',
      StageName: 'Prospecting',
    })
    expect(house.rows('SELECT IsPrimary, ContactId FROM OpportunityContactRole')).toMatchObject([
      { IsPrimary: true, ContactId: result.contactId },
    ])
    expect(house.org.retrieve(admin, 'Lead', leadId)).toMatchObject({
      IsConverted: true,
      Status: convertedStatus,
      ConvertedDate: '2026-11-18',
      ConvertedAccountId: result.accountId,
    })
  })

  it('makes a person of a lead that has no company', () => {
    const admin = house.as('admin')
    const fields = { LastName: 'Roe', FirstName: 'Ada', Email: 'ada@example.com', DoNotCall: true }
    const result = house.org.convertLead(admin, { leadId: house.org.create(admin, 'Lead', fields), convertedStatus })
    const [account] = house.rows(
      'SELECT Name, RecordType.DeveloperName, PersonContactId, PersonEmail, PersonDoNotCall FROM Account',
    )
    expect(account).toMatchObject({
      Name: 'Ada Roe',
      RecordType: { DeveloperName: 'PersonAccount' },
      PersonContactId: result.contactId,
      PersonEmail: 'ada@example.com',
      PersonDoNotCall: true,
    })
    expect(house.rows('SELECT Name FROM Opportunity')).toMatchObject([{ Name: 'Ada Roe' }])
    expect(house.rows('SELECT DoNotCall FROM Contact')).toMatchObject([{ DoNotCall: true }])
  })

  it('fills only the blanks of an existing account and contact', () => {
    const admin = house.as('admin')
    const accountId = house.org.create(admin, 'Account', { Name: 'Lumen AS', Phone: '2' })
    const contactId = house.org.create(admin, 'Contact', {
      LastName: 'Lee-Hansen',
      AccountId: accountId,
      LeadSource: 'Other',
    })
    const result = house.org.convertLead(house.as('writer'), {
      leadId,
      convertedStatus,
      accountId,
      contactId,
      doNotCreateOpportunity: true,
    })
    expect(result).toMatchObject({ success: true, accountId, contactId, opportunityId: null })
    expect(house.org.retrieve(admin, 'Account', accountId)).toMatchObject({
      Name: 'Lumen AS',
      Phone: '2',
      Website: 'lumen.example',
    })
    expect(house.org.retrieve(admin, 'Contact', contactId)).toMatchObject({
      LastName: 'Lee-Hansen',
      FirstName: 'Lin',
      LeadSource: 'Other',
    })
  })

  it('moves tasks and campaign memberships to the contact', () => {
    const admin = house.as('admin')
    const task = house.org.create(admin, 'Task', { Subject: 'Call', WhoId: leadId })
    const campaign = house.org.create(admin, 'Campaign', { Name: 'Fair' })
    const member = house.org.create(admin, 'CampaignMember', { CampaignId: campaign, LeadId: leadId })
    const { contactId } = house.org.convertLead(admin, { leadId, convertedStatus })
    expect(house.org.retrieve(admin, 'Task', task)['WhoId']).toBe(contactId)
    expect(house.org.retrieve(admin, 'CampaignMember', member)['ContactId']).toBe(contactId)
  })

  it('is refused twice, with another status, without the right, and for a queue without an owner', () => {
    const statusOf = (login: string, more = {}) =>
      house.org.convertLead(house.as(login), { leadId, convertedStatus, ...more }).errors[0]?.statusCode
    expect(statusOf('writer', { convertedStatus: 'Qualified' })).toBe('INVALID_STATUS')
    expect(statusOf('reader')).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
    const queue = house.rows("SELECT Id FROM Group WHERE Type = 'Queue'")[0]?.['Id']
    house.org.update(house.as('admin'), 'Lead', leadId, { OwnerId: String(queue) })
    expect(statusOf('writer')).toBe('INVALID_CROSS_REFERENCE_KEY')
    expect(house.rows('SELECT Id FROM Account')).toHaveLength(0)
    expect(statusOf('writer', { ownerId: house.as('rep').userId })).toBeUndefined()
    expect(statusOf('writer')).toBe('CANNOT_UPDATE_CONVERTED_LEAD')
    expect(codeOf(() => house.org.update(house.as('writer'), 'Lead', leadId, { Fax: '1' }))).toBe(
      'CANNOT_UPDATE_CONVERTED_LEAD',
    )
  })
})
