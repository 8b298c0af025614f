import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { READER, REP, practice } from '../../support/running-org.ts'
import { errorOf, openWire, sObject, type Answer, type Wire } from './wire.ts'

let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterAll(() => wire.close())

const account = (Name: string, more: Record<string, string> = {}) => wire.create('Account', { Name, ...more })
const request = (type: string, Id: string, losers: string[], fields: Record<string, string> = {}, more = ''): string =>
  `<mergeRequests>${more}${sObject(type, { Id, ...fields }, 'masterRecord')}` +
  `${losers.map((id) => `<recordToMergeIds>${id}</recordToMergeIds>`).join('')}</mergeRequests>`
const merge = (content: string, as?: string): Promise<Answer> => wire.call('merge', content, as ? { as } : {})
const mergeAccounts = async (losers: string[], fields?: Record<string, string>, as?: string) => {
  const master = await account('Survivor')
  return { master, answer: await merge(request('Account', master, losers, fields), as) }
}

describe('merge over SOAP', () => {
  it('gives the survivor the winning values, blanks what fieldsToNull names, and keeps every other value', async () => {
    const loser = await account('Loser', { Phone: '1', Fax: '2', Site: 'x' })
    const master = await account('Survivor', { Phone: '3', Website: 'w.example' })
    const fields = { fieldsToNull: 'Website', Fax: '2' }
    const { results } = await merge(request('Account', master, [loser], fields))
    expect(results).toMatchObject([{ id: master, success: 'true', mergedRecordIds: [loser] }])
    const values = ['Name', 'Phone', 'Fax', 'Website', 'Site'].map((field) => wire.value('Account', master, field))
    expect(await Promise.all(values)).toEqual(['Survivor', '3', '2', null, null])
    expect(await wire.value('Account', loser, 'IsDeleted')).toBe('true')
    expect(await wire.value('Account', loser, 'MasterRecordId')).toBe(master)
  })

  it('takes the creation date of the oldest record', async () => {
    const loser = await account('Old')
    const born = await wire.value('Account', loser, 'CreatedDate')
    wire.later(3_600_000)
    const { master } = await mergeAccounts([loser])
    expect(await wire.value('Account', master, 'CreatedDate')).toBe(born)
  })

  it('makes a transaction of each request, so one may fail among others', async () => {
    const [first, second, third] = [await account('a'), await account('b'), await account('c')]
    const content =
      request('Account', first, [second]) + request('Account', first, [second]) + request('Account', first, [third])
    const answer = await merge(content)
    expect(answer.results.map(({ success }) => success)).toEqual(['true', 'false', 'true'])
    expect(errorOf(answer, 1)['statusCode']).toBe('ENTITY_IS_DELETED')
    expect(await wire.value('Account', third, 'MasterRecordId')).toBe(first)
  })

  it('takes a map of further information, as for portal users', async () => {
    const more =
      '<additionalInformationMap><name>PortalUserId</name><value>005000000000001AAA</value></additionalInformationMap>'
    const [master, loser] = [await account('a'), await account('b')]
    const { results } = await merge(request('Account', master, [loser], {}, more))
    expect(results[0]?.['success']).toBe('true')
  })

  it('tells the moved records that the caller may see, and moves the others as well', async () => {
    const loser = await account('Loser')
    const seen = await wire.create('Note', { Title: 'n', ParentId: loser })
    const { master, answer } = await mergeAccounts([loser])
    expect(answer.results[0]?.['updatedRelatedIds']).toContain(seen)
    expect(await wire.value('Note', seen, 'ParentId')).toBe(master)
  })

  it.each<[string, Record<string, string>]>([
    ['Lead', { LastName: 'l', Company: 'c' }],
    ['Contact', { LastName: 'c' }],
    ['Case', { Subject: 's' }],
  ])('merges records of %s', async (type, fields) => {
    const [master, loser] = [await wire.create(type, fields), await wire.create(type, fields)]
    expect((await merge(request(type, master, [loser]))).results).toMatchObject([{ success: 'true' }])
    expect(await wire.value(type, loser, 'MasterRecordId')).toBe(master)
  })
})

describe('a merge of contacts', () => {
  const contact = (LastName: string, more: Record<string, string> = {}) => wire.create('Contact', { LastName, ...more })
  const relations = async (contactId: string) => {
    const soql = `SELECT AccountId, IsDirect FROM AccountContactRelation WHERE ContactId = '${contactId}' ORDER BY IsDirect`
    const { results } = await wire.call('query', `<queryString>${soql}</queryString>`)
    const rows = (results[0]?.['records'] ?? []) as Record<string, string>[]
    return rows.map(({ AccountId, IsDirect }) => [AccountId, IsDirect])
  }

  it('leaves one relation with each account, direct with its own alone', async () => {
    const [ours, theirs] = [await account('Ours'), await account('Theirs')]
    const master = await contact('m', { AccountId: ours })
    const losers = [await contact('a', { AccountId: ours }), await contact('b', { AccountId: theirs })]
    expect((await merge(request('Contact', master, losers))).results).toMatchObject([{ success: 'true' }])
    expect(await relations(master)).toEqual([
      [theirs, 'false'],
      [ours, 'true'],
    ])
  })

  it('takes over whom a loser reports to, when the survivor reports to nobody', async () => {
    const boss = await contact('boss')
    const [master, loser] = [await contact('m'), await contact('l', { ReportsToId: boss })]
    await merge(request('Contact', master, [loser]))
    expect(await wire.value('Contact', master, 'ReportsToId')).toBe(boss)
  })

  it.each<[string, (master: string) => Promise<string>]>([
    ['a loser reports to the survivor', (master) => contact('l', { ReportsToId: master })],
    [
      'the survivor reports to a loser',
      async (master) => {
        const loser = await contact('l')
        await wire.call('update', sObject('Contact', { Id: master, ReportsToId: loser }))
        return loser
      },
    ],
  ])('is refused when %s', async (_, prepare) => {
    const master = await contact('m')
    const answer = await merge(request('Contact', master, [await prepare(master)]))
    expect(errorOf(answer)).toMatchObject({ statusCode: 'MERGE_FAILED' })
  })

  it('keeps one membership of a campaign and one role in an opportunity', async () => {
    const [master, loser] = [await contact('m'), await contact('l')]
    const campaign = await wire.create('Campaign', { Name: 'Fair' })
    const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01' }
    const opportunity = await wire.create('Opportunity', deal)
    for (const ContactId of [master, loser]) {
      await wire.create('CampaignMember', { CampaignId: campaign, ContactId })
      await wire.create('OpportunityContactRole', { OpportunityId: opportunity, ContactId })
    }
    await merge(request('Contact', master, [loser]))
    for (const object of ['CampaignMember', 'OpportunityContactRole']) {
      const soql = `SELECT ContactId FROM ${object}`
      const { results } = await wire.call('query', `<queryString>${soql}</queryString>`)
      expect(results[0]?.['records']).toMatchObject([{ ContactId: master }])
    }
  })
})

describe('a merge over SOAP that an org refuses', () => {
  const converted = async () => {
    const lead = await wire.create('Lead', { LastName: 'l', Company: 'c' })
    await wire.call(
      'convertLead',
      `<leadConverts><convertedStatus>Closed - Converted</convertedStatus><leadId>${lead}</leadId></leadConverts>`,
    )
    return lead
  }
  const cases: [string, string, () => Promise<Answer>][] = [
    [
      'more than three records',
      'MERGE_FAILED',
      async () => (await mergeAccounts([await account('1'), await account('2'), await account('3')])).answer,
    ],
    ['no loser', 'MERGE_FAILED', async () => (await mergeAccounts([])).answer],
    [
      'the survivor among the losers',
      'MERGE_FAILED',
      async () => {
        const id = await account('a')
        return merge(request('Account', id, [id.slice(0, 15)]))
      },
    ],
    [
      'one loser twice',
      'MERGE_FAILED',
      async () => {
        const id = await account('a')
        return (await mergeAccounts([id, id])).answer
      },
    ],
    [
      'a loser of another type',
      'MERGE_FAILED',
      async () => (await mergeAccounts([await wire.create('Contact', { LastName: 'x' })])).answer,
    ],
    ['a malformed id', 'MALFORMED_ID', async () => (await mergeAccounts(['nonsense'])).answer],
    ['an unknown id', 'INVALID_CROSS_REFERENCE_KEY', async () => (await mergeAccounts(['001000000000zzzAAA'])).answer],
    [
      'a deleted record',
      'ENTITY_IS_DELETED',
      async () => {
        const id = await account('gone')
        await wire.call('delete', `<ids>${id}</ids>`)
        return (await mergeAccounts([id])).answer
      },
    ],
    [
      'a caller who may not delete the loser',
      'INSUFFICIENT_ACCESS_OR_READONLY',
      async () => (await mergeAccounts([await account('a')], {}, READER)).answer,
    ],
    [
      'a survivor below one of the losers',
      'MERGE_FAILED',
      async () => {
        const loser = await account('top')
        const master = await account('below', { ParentId: loser })
        return merge(request('Account', master, [loser]))
      },
    ],
    [
      'accounts with a contact in common',
      'MERGE_FAILED',
      async () => {
        const [master, loser] = [await account('a'), await account('b')]
        const contact = await wire.create('Contact', { LastName: 'c', AccountId: master })
        await wire.create('AccountContactRelation', { AccountId: loser, ContactId: contact })
        return merge(request('Account', master, [loser]))
      },
    ],
    [
      'a converted lead',
      'CANNOT_UPDATE_CONVERTED_LEAD',
      async () => {
        const lead = await wire.create('Lead', { LastName: 'l', Company: 'c' })
        return merge(request('Lead', lead, [await converted()]))
      },
    ],
    [
      'a value that breaks a rule of its field',
      'STRING_TOO_LONG',
      async () => (await mergeAccounts([await account('a')], { Fax: '1'.repeat(41) })).answer,
    ],
    [
      'an external id among the winning values',
      'MERGE_FAILED',
      async () => (await mergeAccounts([await account('a')], { External_Id__c: 'M-1' })).answer,
    ],
    [
      'a survivor without id',
      'MISSING_ARGUMENT',
      () => merge(`<mergeRequests>${sObject('Account', {}, 'masterRecord')}</mergeRequests>`),
    ],
  ]
  it.each(cases)('%s: %s', async (_, statusCode, attempt) => {
    const answer = await attempt()
    expect(answer.results[0]).toMatchObject({ success: 'false' })
    expect(errorOf(answer)['statusCode']).toBe(statusCode)
  })

  it('a record that an approval process holds', async () => {
    const [master, loser] = [await account('free'), await account('Held')]
    const when = [{ field: 'Name', is: '=', value: 'Held' }]
    await practice(wire.org.url, '/automation', { approvalLocks: [{ object: 'Account', when }] })
    const answer = await merge(request('Account', master, [loser]), 'second@practice.example')
    await practice(wire.org.url, '/automation', {})
    expect(errorOf(answer)['statusCode']).toBe('ENTITY_IS_LOCKED')
  })

  it('an owner whom the caller may not choose', async () => {
    const mine = await wire.create('Lead', { LastName: 'l', Company: 'c' })
    const other = await wire.create('Lead', { LastName: 'l', Company: 'c' })
    const answer = await merge(request('Lead', mine, [other]), REP)
    expect(errorOf(answer)['statusCode']).toBe('INSUFFICIENT_ACCESS_OR_READONLY')
  })

  it('a type that is never merged, with a fault for the whole call', async () => {
    const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01' }
    const ids = [await wire.create('Opportunity', deal), await wire.create('Opportunity', deal)]
    const { status, fault } = await merge(request('Opportunity', ids[0] ?? '', [ids[1] ?? '']))
    expect([status, fault['faultcode']]).toEqual([500, 'sf:INVALID_TYPE_FOR_OPERATION'])
    expect(fault['faultstring']).toMatch(/entity type does not support merge/)
  })

  it('a type that is not there, with a fault', async () => {
    const { status, fault } = await merge(request('Nothing__c', '001000000000001AAA', ['001000000000002AAA']))
    expect([status, fault['faultcode']]).toEqual([500, 'sf:INVALID_TYPE'])
  })

  it('more than 200 requests, with a fault', async () => {
    const { fault } = await merge(request('Account', '001000000000001AAA', []).repeat(201))
    expect(fault['faultcode']).toBe('sf:EXCEEDED_ID_LIMIT')
  })
})
