import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Value } from '../../src/org/values.ts'
import { codeOf, openHouse, refusalOf, type House } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})
afterEach(() => house.org.close())

const create = (object: string, fields: Record<string, Value>): string =>
  house.org.create(house.as('admin'), object, fields)
const standardBook = (): string => String(house.rows('SELECT Id FROM Pricebook2 WHERE IsStandard = true')[0]!['Id'])

function priced(UnitPrice: number, Pricebook2Id = standardBook(), Name = 'Pump'): string {
  const Product2Id = create('Product2', { Name, ProductCode: 'P-1', IsActive: true })
  return create('PricebookEntry', { Pricebook2Id, Product2Id, UnitPrice, IsActive: true })
}
const deal = (): string =>
  create('Opportunity', { Name: 'Deal', StageName: 'Value Proposition', CloseDate: '2027-01-31', Amount: 7 })
const worth = () =>
  house.rows('SELECT Amount, ExpectedRevenue, HasOpportunityLineItem, Pricebook2Id FROM Opportunity')[0]

describe('an opportunity with products', () => {
  it('is worth what they cost, and ignores an amount that is sent', () => {
    const OpportunityId = deal()
    const PricebookEntryId = priced(40)
    const item = create('OpportunityLineItem', { OpportunityId, PricebookEntryId, Quantity: 3 })
    const first = worth()
    house.org.update(house.as('admin'), 'Opportunity', OpportunityId, { Amount: 1, NextStep: 'Call' })
    const ignored = worth()
    house.org.update(house.as('admin'), 'OpportunityLineItem', item, { Quantity: 5, Discount: 10 })
    const changed = worth()
    house.org.delete(house.as('admin'), 'OpportunityLineItem', item)

    const book = standardBook()
    expect(first).toMatchObject({ Amount: 120, ExpectedRevenue: 60, HasOpportunityLineItem: true, Pricebook2Id: book })
    expect(ignored).toMatchObject({ Amount: 120, ExpectedRevenue: 60 })
    expect(changed).toMatchObject({ Amount: 180 })
    expect(worth()).toMatchObject({ HasOpportunityLineItem: false })
  })

  it('names its items and takes a total instead of a price', () => {
    const OpportunityId = deal()
    create('OpportunityLineItem', { OpportunityId, PricebookEntryId: priced(40), Quantity: 4, TotalPrice: 100 })
    const [item] = house.rows('SELECT Name, ProductCode, UnitPrice, ListPrice, TotalPrice FROM OpportunityLineItem')
    expect(item).toMatchObject({
      Name: 'Deal Pump',
      ProductCode: 'P-1',
      UnitPrice: 25,
      ListPrice: 40,
      TotalPrice: 100,
    })
  })

  it('takes products from one price book only', () => {
    const OpportunityId = deal()
    create('OpportunityLineItem', { OpportunityId, PricebookEntryId: priced(40), Quantity: 1 })
    const Pricebook2Id = create('Pricebook2', { Name: 'Partners', IsActive: true })
    const Product2Id = String(house.rows('SELECT Id FROM Product2')[0]!['Id'])
    const other = create('PricebookEntry', { Pricebook2Id, Product2Id, UnitPrice: 30 })
    const refused = refusalOf(() =>
      create('OpportunityLineItem', { OpportunityId, PricebookEntryId: other, Quantity: 1 }),
    )
    expect(refused).toMatchObject({ errorCode: 'FIELD_INTEGRITY_EXCEPTION', fields: ['PricebookEntryId'] })
  })
})

it('a product has a price in the standard book first, and one per book', () => {
  const Pricebook2Id = create('Pricebook2', { Name: 'Partners', IsActive: true })
  expect(codeOf(() => priced(10, Pricebook2Id))).toBe('STANDARD_PRICE_NOT_DEFINED')
  priced(10)
  const [entry] = house.rows('SELECT Product2Id FROM PricebookEntry')
  const again = { Pricebook2Id: standardBook(), Product2Id: String(entry!['Product2Id']), UnitPrice: 11 }
  expect(codeOf(() => create('PricebookEntry', again))).toBe('DUPLICATE_VALUE')
})

it('an order adds up its items', () => {
  const AccountId = create('Account', { Name: 'Acme' })
  const PricebookEntryId = priced(40)
  const OrderId = create('Order', { AccountId, EffectiveDate: '2026-12-01', Pricebook2Id: standardBook() })
  create('OrderItem', { OrderId, PricebookEntryId, Quantity: 2, UnitPrice: 35 })
  expect(house.rows('SELECT TotalAmount, Status, OrderNumber FROM Order')).toMatchObject([
    { TotalAmount: 70, Status: 'Draft', OrderNumber: '00000001' },
  ])
})

it('one contact role of an opportunity is the primary one', () => {
  const OpportunityId = deal()
  const role = (LastName: string): string =>
    create('OpportunityContactRole', {
      OpportunityId,
      ContactId: create('Contact', { LastName }),
      IsPrimary: true,
    })
  role('Doe')
  const last = role('Roe')
  expect(house.rows('SELECT Id FROM OpportunityContactRole WHERE IsPrimary = true')).toMatchObject([{ Id: last }])
})

it("a case and a campaign member show the person's address, and go on showing it when it changes", () => {
  const ContactId = create('Contact', { LastName: 'Doe', Email: 'doe@example.com' })
  create('Case', { ContactId })
  const CampaignId = create('Campaign', { Name: 'Fair' })
  create('CampaignMember', { CampaignId, ContactId, Status: 'Responded' })
  house.org.update(house.as('admin'), 'Contact', ContactId, { Email: 'roe@example.com', LastName: 'Roe' })

  expect(house.rows('SELECT ContactEmail FROM Case')).toMatchObject([{ ContactEmail: 'roe@example.com' }])
  expect(house.rows('SELECT Name, Email, Type, HasResponded FROM CampaignMember')).toMatchObject([
    { Name: 'Roe', Email: 'roe@example.com', Type: 'Contact', HasResponded: true },
  ])
  expect(house.rows('SELECT Label FROM CampaignMemberStatus ORDER BY SortOrder')).toMatchObject([
    { Label: 'Sent' },
    { Label: 'Responded' },
  ])
})
