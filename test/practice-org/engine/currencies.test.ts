import { beforeEach, describe, expect, it } from 'vitest'
import { openOrg } from '../../../server/practice-org/engine/engine.ts'
import type { Org } from '../../../server/practice-org/org.ts'
import { codeOf, NOON, openHouse } from './house.ts'

const CURRENCIES = [
  { code: 'USD', rate: 1 },
  { code: 'EUR', rate: 0.8 },
  { code: 'JPY', rate: 150 },
]
const DEAL = { Name: 'o', StageName: 'Prospecting', CloseDate: '2027-01-31' }

describe('an org of several currencies', () => {
  let org: Org
  const admin = () => ({ userId: org.user('admin@practice.example')!.id, api: 'rest' as const, version: '66.0' })
  const rows = (soql: string) => org.query(admin(), soql).records.map(({ attributes: _, ...row }) => row)
  beforeEach(() => {
    org = openOrg({ file: ':memory:', orgId: '00DgK0000000001UAA', now: () => NOON, currencies: CURRENCIES })
    org.create(admin(), 'Opportunity', { ...DEAL, Amount: 800, CurrencyIsoCode: 'EUR' })
    org.create(admin(), 'Opportunity', { ...DEAL, Amount: 30000, CurrencyIsoCode: 'JPY' })
  })

  it('keeps amounts as given, in the corporate currency unless told otherwise, and converts when asked', () => {
    org.create(admin(), 'Opportunity', { ...DEAL, Amount: 5 })
    expect(
      rows('SELECT Amount, CurrencyIsoCode, convertCurrency(Amount) c, FORMAT(Amount) f FROM Opportunity'),
    ).toEqual([
      { Amount: 800, CurrencyIsoCode: 'EUR', c: 1000, f: 'EUR 800.00 (USD 1,000.00)' },
      { Amount: 30000, CurrencyIsoCode: 'JPY', c: 200, f: 'JPY 30,000.00 (USD 200.00)' },
      { Amount: 5, CurrencyIsoCode: 'USD', c: 5, f: 'USD 5.00' },
    ])
  })

  it('adds up in the corporate currency', () => {
    expect(rows('SELECT SUM(Amount) total, MAX(Amount) most FROM Opportunity')).toEqual([{ total: 1200, most: 1000 }])
  })

  it('refuses a currency it does not have', () => {
    const create = () => org.create(admin(), 'Opportunity', { ...DEAL, CurrencyIsoCode: 'XXX' })
    expect(codeOf(create)).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST')
  })

  it('still has its rates after a reset', () => {
    org.reset(() => {})
    expect(rows('SELECT IsoCode, ConversionRate FROM CurrencyType ORDER BY IsoCode')).toHaveLength(3)
  })
})

it('an org of one currency has no currency fields', () => {
  expect(codeOf(() => openHouse().rows('SELECT CurrencyIsoCode FROM Opportunity'))).toBe('INVALID_FIELD')
})
