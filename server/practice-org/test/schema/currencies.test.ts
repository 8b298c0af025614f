import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openOrg } from '../../src/engine/engine.ts'
import type { Org } from '../../src/org/org.ts'
import { readSettings, SettingsError } from '../../src/settings.ts'
import { readSetup } from '../../src/setup-file.ts'
import { startOrg, tokenOf } from '../support/running-org.ts'
import { codeOf, NOON, openHouse, refusalOf } from '../support/engine-harness.ts'

const CURRENCIES = [
  { code: 'USD', rate: 1 },
  { code: 'EUR', rate: 0.8 },
  { code: 'JPY', rate: 150 },
]
const DEAL = { Name: 'o', StageName: 'Prospecting', CloseDate: '2027-01-31' }

const open = (more: object = {}) =>
  openOrg({ file: ':memory:', orgId: '00DgK0000000001UAA', now: () => NOON, currencies: CURRENCIES, ...more })
let org: Org
const admin = () => ({ userId: org.user('admin@practice.example')!.id, api: 'rest' as const, version: '66.0' })
const rows = (soql: string) => org.query(admin(), soql).records.map(({ attributes: _, ...row }) => row)

describe('an org of several currencies', () => {
  beforeEach(() => {
    org = open()
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

  it("converts to the user's own currency, and writes both", () => {
    org.update(admin(), 'User', admin().userId, { DefaultCurrencyIsoCode: 'EUR' })
    const soql = 'SELECT convertCurrency(Amount), FORMAT(Amount) f, FORMAT(convertCurrency(Amount)) c FROM Opportunity'
    expect(rows(soql)).toEqual([
      { Amount: 800, f: 'EUR 800.00', c: 'EUR 800.00' },
      { Amount: 160, f: 'JPY 30,000.00 (EUR 160.00)', c: 'EUR 160.00' },
    ])
  })

  it('adds up in the corporate currency, and writes it so', () => {
    expect(rows('SELECT SUM(Amount) total, MAX(Amount) most, FORMAT(SUM(Amount)) f FROM Opportunity')).toEqual([
      { total: 1200, most: 1000, f: 'USD 1,200.00' },
    ])
    expect(rows('SELECT CurrencyIsoCode c FROM Opportunity GROUP BY CurrencyIsoCode HAVING SUM(Amount) > 500')).toEqual(
      [{ c: 'EUR' }],
    )
  })

  it('compares by what amounts are worth where a currency is named, by their numbers where none is', () => {
    const amounts = (where: string) => rows(`SELECT Amount FROM Opportunity WHERE ${where}`).map((row) => row['Amount'])
    expect(amounts('Amount > USD500')).toEqual([800])
    expect(amounts('Amount >= JPY30000')).toEqual([800, 30000])
    expect(amounts('Amount IN (USD200, EUR1)')).toEqual([30000])
    expect(amounts('Amount > 500')).toEqual([800, 30000])
    const words = (soql: string) => refusalOf(() => rows(soql))?.message
    expect(words('SELECT Id FROM Opportunity WHERE Amount IN (USD1, 2)')).toContain('cannot be mixed')
    expect(words('SELECT Id FROM Opportunity WHERE Amount > GBP1')).toContain('Invalid currency ISO code: GBP')
    const having = 'SELECT Name FROM Opportunity GROUP BY Name HAVING MAX(Amount) > USD1'
    expect(words(having)).toContain('cannot be compared with an aggregate')
  })

  it('sorts by what amounts are worth', () => {
    expect(rows('SELECT Amount FROM Opportunity ORDER BY Amount').map((row) => row['Amount'])).toEqual([30000, 800])
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

it('opportunities are converted by the rate of the day they close once rates are dated', () => {
  org = open({
    datedRates: [
      { code: 'EUR', rate: 0.5, from: '2027-01-01' },
      { code: 'EUR', rate: 0.4, from: '2027-02-01' },
    ],
  })
  for (const CloseDate of ['2026-12-31', '2027-01-31', '2027-02-01']) {
    org.create(admin(), 'Opportunity', { ...DEAL, CloseDate, Amount: 100, CurrencyIsoCode: 'EUR' })
  }
  expect(rows('SELECT convertCurrency(Amount) c FROM Opportunity').map((row) => row['c'])).toEqual([125, 200, 250])
  expect(rows('SELECT SUM(Amount) s FROM Opportunity')).toEqual([{ s: 575 }])
  expect(rows('SELECT StartDate, NextStartDate FROM DatedConversionRate ORDER BY StartDate')).toEqual([
    { StartDate: '2027-01-01', NextStartDate: '2027-02-01' },
    { StartDate: '2027-02-01', NextStartDate: '4000-12-31' },
  ])
})

it('an org of one currency has no currency fields', () => {
  expect(codeOf(() => openHouse().rows('SELECT CurrencyIsoCode FROM Opportunity'))).toBe('INVALID_FIELD')
})

describe('a setup file', () => {
  it('gives a running org its currencies and its own row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'setup-'))
    const path = join(folder, 'setup.json')
    const write = (setup: unknown) => writeFileSync(path, JSON.stringify(setup))
    try {
      write({ currencies: CURRENCIES, organization: { FiscalYearStartMonth: 4 } })
      const { setupFile = '' } = readSettings({ PRACTICE_SETUP: path })
      const running = await startOrg({ setup: readSetup(setupFile) })
      const headers = { authorization: `Bearer ${await tokenOf(running.url)}` }
      const ask = async (q: string) => {
        const response = await fetch(`${running.url}/services/data/v66.0/query?q=${encodeURIComponent(q)}`, { headers })
        return ((await response.json()) as { records: Record<string, unknown>[] }).records
      }
      expect(await ask('SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true')).toMatchObject([{ IsoCode: 'USD' }])
      expect(await ask('SELECT FiscalYearStartMonth FROM Organization')).toMatchObject([{ FiscalYearStartMonth: 4 }])
      await running.close()
      write({ currencies: [{ code: 'EUR', rate: 2 }] })
      expect(() => readSetup(path)).toThrow(SettingsError)
    } finally {
      rmSync(folder, { recursive: true })
    }
    expect(() => readSetup(path)).toThrow('PRACTICE_SETUP is wrong')
  })
})
