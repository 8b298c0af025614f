// Fields that show another record, after that record was merged or renamed.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openHouse, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const create = (object: string, fields: Record<string, string>): string =>
  house.org.create(house.as('admin'), object, fields)
const merge = (type: string, masterId: string, loser: string) =>
  house.org.merge(house.as('admin'), { type, masterId, loserIds: [loser], fields: {} })

it('what hung on a merged contact shows the survivor: campaign members, cases, the account of activities', () => {
  const account = create('Account', { Name: 'Acme' })
  const master = create('Contact', { LastName: 'Doe', Email: 'doe@example.com', AccountId: account })
  const other = create('Account', { Name: 'Other' })
  const loser = create('Contact', { LastName: 'Dou', Email: 'dou@example.com', AccountId: other })
  create('CampaignMember', { ContactId: loser, CampaignId: create('Campaign', { Name: 'Fair' }) })
  create('Case', { ContactId: loser })
  create('Task', { WhoId: loser, Subject: 'Call' })
  merge('Contact', master, loser)

  expect(house.rows('SELECT Name, Email, CompanyOrAccount, LeadOrContactId FROM CampaignMember')).toMatchObject([
    { Name: 'Doe', Email: 'doe@example.com', CompanyOrAccount: 'Acme', LeadOrContactId: master },
  ])
  expect(house.rows('SELECT ContactEmail FROM Case')).toMatchObject([{ ContactEmail: 'doe@example.com' }])
  expect(house.rows('SELECT AccountId FROM Task')).toMatchObject([{ AccountId: account }])
})

it('a campaign member names the account its contact has now: merged, renamed', () => {
  const [master, loser] = [create('Account', { Name: 'Acme' }), create('Account', { Name: 'Acmee' })]
  const ContactId = create('Contact', { LastName: 'Doe', AccountId: loser })
  create('CampaignMember', { ContactId, CampaignId: create('Campaign', { Name: 'Fair' }) })
  const shown = () => house.rows('SELECT CompanyOrAccount FROM CampaignMember')[0]!['CompanyOrAccount']

  merge('Account', master, loser)
  expect(shown()).toBe('Acme')
  house.org.update(house.as('admin'), 'Account', master, { Name: 'Acme Ltd' })
  expect(shown()).toBe('Acme Ltd')
})
