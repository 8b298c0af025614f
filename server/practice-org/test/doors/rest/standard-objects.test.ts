import { describe, expect, it } from 'vitest'
import { openOrgForFile, rest } from '../../support/running-org.ts'

/** Fields in the order an org lists them (docs/sources.md#standard-objects). */
const ORDER = {
  Lead: `Id IsDeleted MasterRecordId LastName FirstName Salutation Name Title Company Street City State PostalCode
    Country Latitude Longitude GeocodeAccuracy Address Phone MobilePhone Fax Email Website PhotoUrl Description
    LeadSource Status Industry Rating AnnualRevenue NumberOfEmployees OwnerId HasOptedOutOfEmail HasOptedOutOfFax
    DoNotCall IsConverted ConvertedDate ConvertedAccountId ConvertedContactId ConvertedOpportunityId IsUnreadByOwner
    CreatedDate CreatedById LastModifiedDate LastModifiedById SystemModstamp LastActivityDate LastViewedDate
    LastReferencedDate Jigsaw JigsawContactId CleanStatus CompanyDunsNumber EmailBouncedReason EmailBouncedDate
    IndividualId Related_Account__c`,
  Contract: `Id AccountId Pricebook2Id OwnerExpirationNotice StartDate EndDate BillingStreet BillingCity BillingState
    BillingPostalCode BillingCountry BillingLatitude BillingLongitude BillingGeocodeAccuracy BillingAddress
    ShippingStreet ShippingCity ShippingState ShippingPostalCode ShippingCountry ShippingLatitude ShippingLongitude
    ShippingGeocodeAccuracy ShippingAddress ContractTerm OwnerId Status CompanySignedId CompanySignedDate
    CustomerSignedId CustomerSignedTitle CustomerSignedDate SpecialTerms ActivatedById ActivatedDate StatusCode
    Description IsDeleted ContractNumber LastApprovedDate CreatedDate CreatedById LastModifiedDate LastModifiedById
    SystemModstamp LastActivityDate LastViewedDate LastReferencedDate`,
  OpportunityContactRole: `Id OpportunityId ContactId Role IsPrimary CreatedDate CreatedById LastModifiedDate
    LastModifiedById SystemModstamp IsDeleted`,
  OpportunityHistory: `Id OpportunityId CreatedById CreatedDate StageName Amount ExpectedRevenue CloseDate Probability
    ForecastCategory SystemModstamp IsDeleted`,
  AccountHistory: 'Id IsDeleted AccountId CreatedById CreatedDate Field OldValue NewValue',
  LeadStatus: `Id MasterLabel ApiName SortOrder IsDefault IsConverted CreatedById CreatedDate LastModifiedById
    LastModifiedDate SystemModstamp`,
}

interface Described {
  fields: { name: string; createable: boolean; nillable: boolean; label: string; cascadeDelete: boolean }[]
  childRelationships: {
    childSObject: string
    field: string
    relationshipName: string | null
    cascadeDelete: boolean
    restrictedDelete: boolean
  }[]
}

const { org, token } = await openOrgForFile()
const described = async (object: string) =>
  (await rest(org.url, token, `/sobjects/${object}/describe`)).body as Described
const send = (method: string, path: string, body?: object) =>
  rest(org.url, token, `/sobjects/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
const create = async (object: string, fields: object): Promise<string> => {
  const { body, status } = await send('POST', object, fields)
  expect([status, body]).toMatchObject([201, { success: true }])
  return (body as { id: string }).id
}
const row = async (soql: string): Promise<Record<string, unknown>> => {
  const { body } = await rest(org.url, token, `/queryAll?q=${encodeURIComponent(soql)}`)
  return (body as { records: Record<string, unknown>[] }).records[0] ?? {}
}

describe('a standard object', () => {
  it.each(Object.entries(ORDER))('lists the fields of %s in the order of an org', async (object, fields) => {
    const { fields: all } = await described(object)
    expect(all.map(({ name }) => name)).toEqual(fields.trim().split(/\s+/))
  })

  it('says which fields never are empty', async () => {
    const never = async (object: string) =>
      (await described(object)).fields.filter(({ nillable }) => !nillable).map(({ name }) => name)
    expect(await never('Contract')).toEqual(expect.arrayContaining(['Status', 'StatusCode', 'ContractNumber']))
    expect(await never('User')).toEqual(
      expect.arrayContaining(['Name', 'CommunityNickname', 'DigestFrequency', 'DefaultGroupNotificationFrequency']),
    )
    expect(await never('AccountHistory')).toEqual(expect.arrayContaining(['AccountId', 'Field']))
    expect(await row("SELECT Id FROM User WHERE CommunityNickname = null OR Name = '' LIMIT 1")).toEqual({})
    expect(await row('SELECT Id FROM Group WHERE OwnerId = null LIMIT 1')).toEqual({})
  })

  it('gives a user a nickname who was given none', async () => {
    const { ProfileId } = await row('SELECT ProfileId FROM User LIMIT 1')
    const user = { Username: 'new@practice.example', LastName: 'New', Email: 'new@practice.example', Alias: 'new' }
    const id = await create('User', { ...user, ProfileId })
    const { CommunityNickname } = await row(`SELECT CommunityNickname FROM User WHERE Id = '${id}'`)
    expect(CommunityNickname).toMatch(/^User\d+$/)
  })

  it('calls the id of a record by its object', async () => {
    const label = async (object: string) => (await described(object)).fields.find(({ name }) => name === 'Id')?.label
    expect([await label('Lead'), await label('Task'), await label('OpportunityContactRole')]).toEqual([
      'Lead ID',
      'Activity ID',
      'Contact Role ID',
    ])
  })

  it('tells what goes with a deleted record by its child relationships', async () => {
    const { childRelationships: all } = await described('Account')
    const of = (child: string) => all.find(({ childSObject, field }) => childSObject === child && field === 'AccountId')
    for (const child of ['OpenActivity', 'ActivityHistory', 'Contact']) {
      expect(of(child)).toMatchObject({ cascadeDelete: true, restrictedDelete: false })
    }
    for (const child of ['Contract', 'Order']) {
      expect(of(child)).toMatchObject({ cascadeDelete: true, restrictedDelete: true })
    }
    expect(of('Case')).toMatchObject({ cascadeDelete: false, restrictedDelete: true })
    const role = await described('OpportunityContactRole')
    expect(role.fields.some(({ cascadeDelete }) => cascadeDelete)).toBe(false)
  })
})

describe('a contract', () => {
  it('goes with its account as long as it is a draft, and is in the way once it is activated', async () => {
    const account = await create('Account', { Name: 'Contractor' })
    const contract = await create('Contract', { AccountId: account, StartDate: '2026-01-01', ContractTerm: 12 })
    expect((await send('PATCH', `Contract/${contract}`, { Status: 'Activated' })).status).toBe(204)
    const soql = `SELECT ActivatedById, ActivatedDate, ContractNumber, IsDeleted FROM Contract WHERE Id = '${contract}'`
    const active = await row(soql)
    expect(active).toMatchObject({ ActivatedById: expect.stringMatching(/^005/) as string, IsDeleted: false })
    expect(await send('DELETE', `Account/${account}`)).toMatchObject({
      status: 400,
      body: [
        { errorCode: 'DELETE_FAILED', message: expect.stringContaining(String(active['ContractNumber'])) as string },
      ],
    })
    const other = await create('Account', { Name: 'Drafter' })
    const draft = await create('Contract', { AccountId: other })
    expect((await send('DELETE', `Account/${other}`)).status).toBe(204)
    expect(await row(`SELECT IsDeleted FROM Contract WHERE Id = '${draft}'`)).toMatchObject({ IsDeleted: true })
  })
})

describe('a lead', () => {
  it('may be entered as one that was converted elsewhere', async () => {
    const lead = { LastName: 'Before', Company: 'Our time', Status: 'Closed - Converted', IsConverted: true }
    const id = await create('Lead', lead)
    expect(await row(`SELECT IsConverted FROM Lead WHERE Id = '${id}'`)).toMatchObject({ IsConverted: true })
  })
})

describe('the list of objects', () => {
  type Summary = Record<string, unknown> & { name: string; urls: Record<string, string> }
  const listed = async (): Promise<Map<string, Summary>> => {
    const { sobjects } = (await rest(org.url, token, '/sobjects')).body as { sobjects: Summary[] }
    return new Map(sobjects.map((one) => [one.name, one]))
  }

  it.each(['AccountHistory', 'OpportunityHistory', 'AccountShare'])('knows %s for rows without pages', async (name) => {
    const one = (await listed()).get(name)
    expect(one).toMatchObject({ feedEnabled: false, layoutable: false, triggerable: false, queryable: true })
    expect(Object.keys(one?.urls ?? {})).toEqual(['sobject', 'describe', 'rowTemplate'])
  })

  it('says of campaigns, members, roles and users what an org says', async () => {
    const all = await listed()
    expect(all.get('Campaign')).toMatchObject({ deepCloneable: true, feedEnabled: false, mruEnabled: true })
    expect(all.get('CampaignMember')).toMatchObject({ feedEnabled: false, layoutable: true, triggerable: true })
    expect(all.get('Opportunity')).toMatchObject({ deepCloneable: true, feedEnabled: true })
    expect(all.get('User')).toMatchObject({ deletable: false, feedEnabled: true, layoutable: true, triggerable: true })
  })

  it('has a tab for what people work with alone', async () => {
    const { body } = await rest(org.url, token, '/tabs')
    const tabs = (body as { sobjectName: string }[]).map(({ sobjectName }) => sobjectName)
    expect(tabs).toEqual(expect.arrayContaining(['Account', 'Contact', 'Lead', 'Opportunity']))
    expect(tabs.filter((name) => /History|Share$/.test(name))).toEqual([])
  })
})

describe('the change event of an object', () => {
  it('is described as an object that can be heard alone, with the fields it carries', async () => {
    const { sobjects } = (await rest(org.url, token, '/sobjects')).body as { sobjects: Record<string, unknown>[] }
    expect(sobjects.find(({ name }) => name === 'LeadChangeEvent')).toMatchObject({
      associateEntityType: 'ChangeEvent',
      associateParentEntity: 'Lead',
      createable: false,
      custom: false,
      keyPrefix: null,
      queryable: false,
      triggerable: true,
    })
    const { fields } = await described('LeadChangeEvent')
    const names = fields.map(({ name }) => name)
    expect(names.slice(0, 6)).toEqual(['Id', 'ReplayId', 'ChangeEventHeader', 'LastName', 'FirstName', 'Salutation'])
    expect(names).not.toContain('SystemModstamp')
    expect(fields.filter(({ createable }) => createable)).toEqual([])
    expect(fields.find(({ name }) => name === 'ChangeEventHeader')).toMatchObject({
      type: 'complexvalue',
      nillable: false,
    })
    expect((await rest(org.url, token, '/sobjects/NopeChangeEvent/describe')).status).toBe(404)
    expect(sobjects.find(({ name }) => name === 'CampaignChangeEvent')).toBeUndefined()
  })
})
