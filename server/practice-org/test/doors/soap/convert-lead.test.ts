import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connect, practice, READER } from '../../support/running-org.ts'
import { errorOf, openWire, sObject, type Wire } from './wire.ts'

let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

let leadId: string
beforeEach(async () => {
  leadId = await wire.create('Lead', {
    FirstName: 'Lin',
    LastName: 'Lee',
    Company: 'Lumen',
    Phone: '1',
    Email: 'lin@lumen.example',
    LeadSource: 'Web',
  })
})
const STATUS = '<convertedStatus>Closed - Converted</convertedStatus>'
const convert = (content: string, as?: string, status = STATUS) =>
  wire.call(
    'convertLead',
    `<leadConverts>${status}<leadId>${leadId}</leadId>${content}</leadConverts>`,
    as ? { as } : {},
  )
const converted = async (content = '', as?: string) => {
  const answer = await convert(content, as)
  const [result] = answer.results
  expect(result, answer.xml).toMatchObject({ success: 'true', leadId })
  return { accountId: String(result?.['accountId']), contactId: String(result?.['contactId']), result: result ?? {} }
}
const code = async (content: string, as?: string, status?: string) => errorOf(await convert(content, as, status))
const el = (name: string, value: string) => `<${name}>${value}</${name}>`

describe('convertLead over SOAP', () => {
  it('names the new opportunity as the company, or as it is told', async () => {
    const { result } = await converted()
    expect(await wire.value('Opportunity', String(result['opportunityId']), 'Name')).toBe('Lumen')
    leadId = await wire.create('Lead', { LastName: 'x', Company: 'y' })
    const named = await converted(el('opportunityName', 'Big deal'))
    expect(await wire.value('Opportunity', String(named.result['opportunityId']), 'Name')).toBe('Big deal')
  })

  it('overwrites the lead source of a contact when told so, and nothing else that has a value', async () => {
    const account = await wire.create('Account', { Name: 'Known', Phone: '9' })
    const contact = await wire.create('Contact', { LastName: 'Known', AccountId: account, LeadSource: 'Other' })
    const source = el('overwriteLeadSource', 'true')
    await converted(el('accountId', account) + el('contactId', contact) + source + el('doNotCreateOpportunity', 'true'))
    expect(await wire.value('Contact', contact, 'LeadSource')).toBe('Web')
    expect(await wire.value('Contact', contact, 'LastName')).toBe('Known')
    expect(await wire.value('Contact', contact, 'Email')).toBe('lin@lumen.example')
    expect(await wire.value('Account', account, 'Phone')).toBe('9')
  })

  it('leaves the owner of what exists, and gives what is new to the owner it is told', async () => {
    const owner =
      (await (await connect(wire.org.url)).query("SELECT Id FROM User WHERE Alias = 'rep'")).records[0]?.Id ?? ''
    const account = await wire.create('Account', { Name: 'Known' })
    const before = await wire.value('Account', account, 'OwnerId')
    const { contactId } = await converted(el('accountId', account) + el('ownerId', owner))
    expect(await wire.value('Account', account, 'OwnerId')).toBe(before)
    expect(await wire.value('Contact', contactId, 'OwnerId')).toBe(owner)
  })

  it('goes into an existing opportunity and fills its blanks', async () => {
    const account = await wire.create('Account', { Name: 'Known' })
    const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01', AccountId: account }
    const opportunity = await wire.create('Opportunity', deal)
    const { result, contactId } = await converted(el('accountId', account) + el('opportunityId', opportunity))
    expect(result['opportunityId']).toBe(opportunity)
    expect(await wire.value('Opportunity', opportunity, 'LeadSource')).toBe('Web')
    expect(await wire.value('Opportunity', opportunity, 'Name')).toBe('Deal')
    const soql = `SELECT ContactId FROM OpportunityContactRole WHERE OpportunityId = '${opportunity}'`
    const { results } = await wire.call('query', el('queryString', soql))
    expect(results[0]?.['records']).toMatchObject([{ ContactId: contactId }])
  })

  it('takes values for the new records from the request', async () => {
    const record = sObject('Account', { Name: 'Lumen Holding', Site: 'Oslo' }, 'accountRecord')
    const person = sObject('Contact', { Department: 'Light' }, 'contactRecord')
    const { accountId, contactId } = await converted(record + person)
    expect(await wire.value('Account', accountId, 'Name')).toBe('Lumen Holding')
    expect(await wire.value('Contact', contactId, 'Department')).toBe('Light')
  })

  it('moves activities, notes, attachments and campaign memberships', async () => {
    const task = await wire.create('Task', { Subject: 'Call', WhoId: leadId })
    const note = await wire.create('Note', { Title: 'n', ParentId: leadId })
    const campaign = await wire.create('Campaign', { Name: 'Fair' })
    const member = await wire.create('CampaignMember', { CampaignId: campaign, LeadId: leadId })
    const { accountId, contactId, result } = await converted()
    expect(await wire.value('Task', task, 'WhoId')).toBe(contactId)
    expect(await wire.value('Task', task, 'WhatId')).toBe(result['opportunityId'])
    expect(await wire.value('Task', task, 'AccountId')).toBe(accountId)
    expect(await wire.value('Note', note, 'ParentId')).toBe(contactId)
    expect(await wire.value('CampaignMember', member, 'ContactId')).toBe(contactId)
  })

  it('leaves one membership when the contact was in the campaign already', async () => {
    const account = await wire.create('Account', { Name: 'Known' })
    const contact = await wire.create('Contact', { LastName: 'Known', AccountId: account })
    const campaign = await wire.create('Campaign', { Name: 'Fair' })
    await wire.create('CampaignMember', { CampaignId: campaign, LeadId: leadId })
    const kept = await wire.create('CampaignMember', { CampaignId: campaign, ContactId: contact })
    await converted(el('accountId', account) + el('contactId', contact))
    const { results } = await wire.call(
      'query',
      el('queryString', `SELECT Id FROM CampaignMember WHERE CampaignId = '${campaign}'`),
    )
    expect(results[0]?.['records']).toMatchObject([{ Id: kept }])
  })

  it('makes a person account of it beside the company, or goes into one', async () => {
    const person = sObject('Account', { PersonEmail: 'p@lumen.example' }, 'relatedPersonAccountRecord')
    const { result } = await converted(person)
    const id = String(result['relatedPersonAccountId'])
    expect(await wire.value('Account', id, 'IsPersonAccount')).toBe('true')
    expect(await wire.value('Account', id, 'PersonEmail')).toBe('p@lumen.example')
    leadId = await wire.create('Lead', { LastName: 'x', Company: 'y', Phone: '7' })
    const into = await converted(el('accountId', id))
    const contact = await wire.value('Account', id, 'PersonContactId')
    expect(into.result).toMatchObject({ accountId: id, contactId: contact })
    expect(await wire.value('Account', id, 'Phone')).toBe('1')
  })

  it('leaves the lead for reading only, even for its owner', async () => {
    await converted('', 'writer@practice.example')
    const update = sObject('Lead', { Id: leadId, Fax: '1' })
    const answer = await wire.call('update', update, { as: 'writer@practice.example' })
    expect(errorOf(answer)['statusCode']).toBe('CANNOT_UPDATE_CONVERTED_LEAD')
    expect(await wire.value('Lead', leadId, 'IsConverted')).toBe('true')
  })

  it('asks the duplicate rules of accounts and contacts, unless it may bypass them', async () => {
    await wire.create('Contact', { FirstName: 'Lin', LastName: 'Lee', Email: 'lin@lumen.example' })
    const rule = { object: 'Contact', action: 'block', message: 'You have this one.' }
    await practice(wire.org.url, '/automation', { duplicateRules: [rule] })
    expect(await code('')).toMatchObject({ statusCode: 'DUPLICATES_DETECTED', message: 'You have this one.' })
    await converted(el('bypassContactDedupeCheck', 'true'))
    await practice(wire.org.url, '/automation', {})
  })

  it('answers for each of several leads', async () => {
    const one = `<leadConverts>${STATUS}<leadId>${leadId}</leadId></leadConverts>`
    const answer = await wire.call('convertLead', one + one)
    expect(answer.results.map(({ success }) => success)).toEqual(['true', 'false'])
    expect(errorOf(answer, 1)['statusCode']).toBe('CANNOT_UPDATE_CONVERTED_LEAD')
  })
})

describe('convertLead over SOAP is refused', () => {
  const nothing = async () => ''
  const cases: [string, string, () => Promise<string>][] = [
    [
      'an opportunity that shall not be made has a name',
      'INVALID_FIELD',
      async () => el('doNotCreateOpportunity', 'true') + el('opportunityName', 'x'),
    ],
    [
      'an opportunity has a name and an id',
      'INVALID_FIELD',
      async () => el('opportunityName', 'x') + el('opportunityId', '006000000000001AAA'),
    ],
    ['the lead source shall go nowhere', 'INVALID_FIELD', async () => el('overwriteLeadSource', 'true')],
    [
      'a contact comes without its account',
      'INVALID_FIELD',
      async () => el('contactId', await wire.create('Contact', { LastName: 'c' })),
    ],
    ['the name is longer than 80', 'STRING_TOO_LONG', async () => el('opportunityName', 'x'.repeat(81))],
    [
      'the contact is of another account',
      'INVALID_CROSS_REFERENCE_KEY',
      async () => {
        const account = await wire.create('Account', { Name: 'a' })
        return el('accountId', account) + el('contactId', await wire.create('Contact', { LastName: 'c' }))
      },
    ],
    [
      'the account is none',
      'INVALID_CROSS_REFERENCE_KEY',
      async () => el('accountId', await wire.create('Contact', { LastName: 'c' })),
    ],
    [
      'the account is deleted',
      'ENTITY_IS_DELETED',
      async () => {
        const account = await wire.create('Account', { Name: 'a' })
        await wire.call('delete', `<ids>${account}</ids>`)
        return el('accountId', account)
      },
    ],
    ['the owner is no user', 'INVALID_CROSS_REFERENCE_KEY', async () => el('ownerId', '00G000000000003AAA')],
    [
      'the lead is unknown',
      'INVALID_CROSS_REFERENCE_KEY',
      async () => {
        leadId = '00Q000000000zzzAAA'
        return ''
      },
    ],
    [
      'the lead is deleted',
      'ENTITY_IS_DELETED',
      async () => {
        await wire.call('delete', `<ids>${leadId}</ids>`)
        return ''
      },
    ],
  ]
  it.each(cases)('when %s: %s', async (_, statusCode, prepare) => {
    const answer = await convert(await prepare())
    expect(answer.results[0]).toMatchObject({ success: 'false', accountId: { '@nil': 'true' } })
    expect(errorOf(answer)['statusCode']).toBe(statusCode)
  })

  it('when the status is none of a converted lead, or missing, naming it', async () => {
    const status = (value: string) => el('convertedStatus', value)
    const refusal = { statusCode: 'INVALID_STATUS', message: 'invalid convertedStatus: Qualified', fields: 'Status' }
    expect(await code('', undefined, status('Qualified'))).toMatchObject(refusal)
    expect(await code(await nothing(), undefined, '')).toMatchObject({ statusCode: 'INVALID_STATUS' })
  })

  it('when the caller may not convert leads', async () => {
    expect(await code('', READER)).toMatchObject({ statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY' })
  })

  it('when a queue owns the lead and no owner is named', async () => {
    const { records } = await (await connect(wire.org.url)).query("SELECT Id FROM Group WHERE Type = 'Queue'")
    await wire.call('update', sObject('Lead', { Id: leadId, OwnerId: String(records[0]?.Id) }))
    const account = el('accountId', await wire.create('Account', { Name: 'a' }))
    expect(await code(account)).toMatchObject({ statusCode: 'INVALID_CROSS_REFERENCE_KEY', fields: 'OwnerId' })
  })

  it('with a fault for more than a hundred leads', async () => {
    const { fault } = await wire.call('convertLead', '<leadConverts/>'.repeat(101))
    expect(fault['faultcode']).toBe('sf:EXCEEDED_LEAD_CONVERT_LIMIT')
  })
})
