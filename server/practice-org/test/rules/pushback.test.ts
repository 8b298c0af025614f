import { beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse, refusalOf } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
const create = (object: string, fields: Record<string, string | number | boolean | null>, login = 'admin') =>
  house.org.create(house.as(login), object, fields)

describe('a duplicate rule', () => {
  const twin = { Name: 'Brightwater Logistics', Phone: '(415) 555-0134' }
  beforeEach(() => {
    house.org.setAutomation({ duplicateRules: [{ object: 'Account' }] })
    create('Account', { Name: 'Brightwater Logistics Inc', Phone: '+1 415 555 0134' })
  })

  it('refuses a look-alike and shows what it resembles, under the key that an org misspells', () => {
    const refusal = refusalOf(() => create('Account', twin))
    expect(refusal).toMatchObject({
      errorCode: 'DUPLICATES_DETECTED',
      message: 'Use one of these records?',
      status: 400,
    })
    expect(refusal?.extra).toMatchObject({
      duplicateResut: {
        allowSave: true,
        duplicateRule: 'Standard_Account_Duplicate_Rule',
        matchResults: [
          { matchEngine: 'FuzzyMatchEngine', size: 1, matchRecords: [{ record: { attributes: { type: 'Account' } } }] },
        ],
      },
    })
  })

  it('lets the caller insist when it only alerts, and not when it blocks', () => {
    const insist = () => house.org.create(house.as('admin'), 'Account', twin, { allowSaveOnDuplicate: true })
    expect(codeOf(insist)).toBe('none')
    house.org.setAutomation({ duplicateRules: [{ object: 'Account', action: 'block' }] })
    expect(codeOf(insist)).toBe('DUPLICATES_DETECTED')
  })

  it.each([
    ['the same name alone', { Name: 'Brightwater Logistics Inc' }],
    ['another company at the same number', { Name: 'Harbour Foods', Phone: '4155550134' }],
  ])('lets %s pass', (_, fields) => {
    expect(codeOf(() => create('Account', fields))).toBe('none')
  })

  it('looks at an update only when a compared field changes', () => {
    const id = create('Account', { Name: 'Brightwater Logistics' })
    const change = (fields: Record<string, string>) => () => house.org.update(house.as('admin'), 'Account', id, fields)
    expect(codeOf(change({ Fax: '1' }))).toBe('none')
    expect(codeOf(change({ Phone: '415-555-0134' }))).toBe('DUPLICATES_DETECTED')
  })
})

describe('locks', () => {
  it('of an approval keep everybody but an administrator from changing, merging or deleting the record', () => {
    house.org.setAutomation({
      approvalLocks: [{ object: 'Account', when: [{ field: 'Rating', is: '=', value: 'Hot' }] }],
    })
    const id = create('Account', { Name: 'In approval', Rating: 'Hot' })
    const other = create('Account', { Name: 'Other' })
    const writer = house.as('writer')
    expect(codeOf(() => house.org.update(writer, 'Account', id, { Fax: '1' }))).toBe('ENTITY_IS_LOCKED')
    expect(codeOf(() => house.org.delete(writer, 'Account', id))).toBe('ENTITY_IS_LOCKED')
    const merged = house.org.merge(writer, { type: 'Account', masterId: other, fields: {}, loserIds: [id] })
    expect(merged).toMatchObject({ success: false, errors: [{ statusCode: 'ENTITY_IS_LOCKED' }] })
    expect(codeOf(() => house.org.update(house.as('admin'), 'Account', id, { Fax: '1' }))).toBe('none')
  })

  it('of a row refuse it and its children for as many tries as asked', () => {
    const id = create('Account', { Name: 'Busy' })
    house.org.setAutomation({ rowLocks: [{ ids: [id], times: 2 }] })
    const refusal = refusalOf(() => create('Contact', { LastName: 'Child', AccountId: id }))
    expect(refusal).toMatchObject({
      errorCode: 'UNABLE_TO_LOCK_ROW',
      message: `unable to obtain exclusive access to this record or 1 records: ${id}`,
    })
    expect(codeOf(() => house.org.update(house.as('admin'), 'Account', id, { Fax: '1' }))).toBe('UNABLE_TO_LOCK_ROW')
    expect(codeOf(() => house.org.update(house.as('admin'), 'Account', id, { Fax: '1' }))).toBe('none')
  })
})

describe('rules of a save', () => {
  it('may set fields before it is validated', () => {
    house.org.setAutomation({
      before: [{ object: 'Account', on: 'create', when: [{ field: 'Rating', is: 'blank' }], set: { Rating: 'Cold' } }],
      validations: [{ object: 'Account', when: [{ field: 'Rating', is: '=', value: 'Cold' }], message: 'Too cold' }],
    })
    expect(refusalOf(() => create('Account', { Name: 'New' }))?.message).toBe('Too cold')
    const id = create('Account', { Name: 'New', Rating: 'Warm' })
    expect(house.org.retrieve(house.as('admin'), 'Account', id)['Rating']).toBe('Warm')
  })

  it('allow a dependent value only under its controlling one', () => {
    house.org.setAutomation({
      dependentPicklists: [
        { object: 'Account', field: 'Industry', controlledBy: 'Type', allowed: { Prospect: ['Energy', 'Media'] } },
      ],
    })
    expect(codeOf(() => create('Account', { Name: 'a', Type: 'Prospect', Industry: 'Media' }))).toBe('none')
    expect(refusalOf(() => create('Account', { Name: 'a', Type: 'Other', Industry: 'Media' }))).toMatchObject({
      errorCode: 'FIELD_INTEGRITY_EXCEPTION',
      fields: ['Industry'],
    })
  })

  it('keep totals of children with their parent, through moves, deletions and restorations', () => {
    house.org.setAutomation({
      rollUps: [
        { parent: 'Account', field: 'NumberOfEmployees', child: 'Opportunity', lookup: 'AccountId', sum: 'Amount' },
      ],
    })
    const [a, b] = [create('Account', { Name: 'a' }), create('Account', { Name: 'b' })]
    const deal = { Name: 'o', StageName: 'Prospecting', CloseDate: '2027-01-31', AccountId: a }
    const id = create('Opportunity', { ...deal, Amount: 7 })
    create('Opportunity', { ...deal, Amount: 5 })
    const totals = () => house.rows('SELECT NumberOfEmployees FROM Account').map((row) => row['NumberOfEmployees'])
    expect(totals()).toEqual([12, null])
    house.org.update(house.as('admin'), 'Opportunity', id, { AccountId: b })
    expect(totals()).toEqual([5, 7])
    house.org.delete(house.as('admin'), 'Opportunity', id)
    expect(totals()).toEqual([5, 0])
    house.org.undelete(house.as('admin'), id)
    expect(totals()).toEqual([5, 7])
  })
})

describe('what an org keeps by itself', () => {
  it('dates the last activity of what a completed task is about, and of whom', () => {
    const account = create('Account', { Name: 'a' })
    const contact = create('Contact', { LastName: 'c', AccountId: account })
    const dates = () => [
      ...house.rows('SELECT LastActivityDate FROM Account').map((row) => row['LastActivityDate']),
      ...house.rows('SELECT LastActivityDate FROM Contact').map((row) => row['LastActivityDate']),
    ]
    const id = create('Task', { Subject: 't', WhoId: contact, ActivityDate: '2026-10-01' })
    expect(dates()).toEqual([null, null])
    house.org.update(house.as('admin'), 'Task', id, { Status: 'Completed' })
    expect(dates()).toEqual(['2026-10-01', '2026-10-01'])
    house.org.delete(house.as('admin'), 'Task', id)
    expect(dates()).toEqual([null, null])
  })

  it('shows an account to whoever owns a deal of it, and only shows it', () => {
    const id = create('Account', { Name: 'Shared through a deal' })
    const rep = house.as('rep').userId
    expect(house.org.recordAccess(rep, id).read).toBe(false)
    create('Opportunity', { Name: 'o', StageName: 'Prospecting', CloseDate: '2027-01-31', AccountId: id, OwnerId: rep })
    expect(house.org.recordAccess(rep, id)).toMatchObject({ read: true, edit: false, delete: false })
  })
})

describe('rules of single objects', () => {
  it('a campaign has a lead or contact once, and never nobody', () => {
    const CampaignId = create('Campaign', { Name: 'Spring' })
    const ContactId = create('Contact', { LastName: 'c' })
    create('CampaignMember', { CampaignId, ContactId })
    expect(refusalOf(() => create('CampaignMember', { CampaignId, ContactId }))).toMatchObject({
      errorCode: 'DUPLICATE_VALUE',
      message: 'Already a campaign member.',
    })
    expect(codeOf(() => create('CampaignMember', { CampaignId }))).toBe('REQUIRED_FIELD_MISSING')
  })

  it('a direct relation cannot be deleted, and a contact without an account has none', () => {
    const account = create('Account', { Name: 'a' })
    create('Contact', { LastName: 'c', AccountId: account })
    const [relation] = house.rows('SELECT Id FROM AccountContactRelation')
    const remove = () => house.org.delete(house.as('admin'), 'AccountContactRelation', String(relation?.['Id']))
    expect(codeOf(remove)).toBe('DELETE_FAILED')
    const free = create('Contact', { LastName: 'free' })
    const relate = () => create('AccountContactRelation', { AccountId: account, ContactId: free })
    expect(codeOf(relate)).toBe('FIELD_INTEGRITY_EXCEPTION')
  })

  it('a company has no e-mail of a person', () => {
    expect(refusalOf(() => create('Account', { Name: 'a', PersonEmail: 'a@b.example' }))).toMatchObject({
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message: 'Account: bad field names on insert/update call: PersonEmail',
    })
  })

  it('what went into the bin with another comes out with it only', () => {
    const account = create('Account', { Name: 'a' })
    const contact = create('Contact', { LastName: 'c', AccountId: account })
    house.org.delete(house.as('admin'), 'Account', account)
    expect(codeOf(() => house.org.undelete(house.as('admin'), contact))).toBe('UNDELETE_FAILED')
    house.org.undelete(house.as('admin'), account)
    expect(codeOf(() => house.org.retrieve(house.as('admin'), 'Contact', contact))).toBe('none')
  })
})
