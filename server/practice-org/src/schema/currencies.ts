// An org with several currencies: records with amounts say in which, and rates lead from one to the other.
import { z } from 'zod'
import { makeId } from './ids.ts'
import type { Value } from '../org/values.ts'

/** Units of the currency for one of the corporate currency, whose rate is 1. */
export interface Currency {
  code: string
  rate: number
}

const described = z.looseObject({ name: z.string(), fields: z.array(z.looseObject({ type: z.string() })) })

const CURRENCY_TYPE = {
  name: 'CurrencyType',
  label: 'Currency Type',
  labelPlural: 'Currency Types',
  keyPrefix: '01L',
  access: 'everyone',
  shareBy: ['everyone'],
  system: ['Id', 'CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp'],
  fields: [
    { name: 'IsoCode', type: 'string', length: 3, nillable: false, nameField: true, idLookup: true },
    { name: 'ConversionRate', type: 'double', precision: 18, scale: 6, nillable: false },
    { name: 'DecimalPlaces', type: 'int', digits: 1, default: 2 },
    { name: 'IsActive', type: 'boolean', default: true, nillable: false },
    { name: 'IsCorporate', type: 'boolean', default: false, nillable: false },
  ],
}

/** Rates that hold from a day on, which opportunities are converted by on the day they are to close [soqlref]. */
export interface DatedRate {
  code: string
  rate: number
  /** `YYYY-MM-DD`; the rate holds until the next one of its currency. */
  from: string
}

const DATED_RATE = {
  name: 'DatedConversionRate',
  label: 'Dated Conversion Rate',
  labelPlural: 'Dated Conversion Rates',
  keyPrefix: '04w',
  access: 'everyone',
  shareBy: ['everyone'],
  system: CURRENCY_TYPE.system,
  fields: [
    { name: 'IsoCode', type: 'string', length: 3, nillable: false },
    { name: 'StartDate', type: 'date', nillable: false },
    { name: 'NextStartDate', type: 'date', nillable: false },
    { name: 'ConversionRate', type: 'double', precision: 18, scale: 6, nillable: false },
  ],
}

/** The last day there is to an org. */
const FOREVER = '4000-12-31'

/** Objects that say their currency though they have no amounts of their own [K]. */
const WITHOUT_AMOUNTS = new Set(['Contact', 'User'])

/** What makes an org one of several currencies. */
export interface Money {
  currencies?: Currency[]
  datedRates?: DatedRate[]
}

/** The object files with CurrencyIsoCode on every object that has amounts, and the objects of currencies beside them. */
export function withCurrencies(files: unknown[], { currencies = [], datedRates }: Money): unknown[] {
  const choices = currencies.map(({ code, rate }) => ({ value: code, default: rate === 1 }))
  const isoCode = {
    name: 'CurrencyIsoCode',
    type: 'picklist',
    label: 'Currency ISO Code',
    restricted: true,
    nillable: false,
    picklist: choices,
  }
  const own = { ...isoCode, name: 'DefaultCurrencyIsoCode', label: 'Default Currency ISO Code' }
  const widened = files.map((file) => {
    const object = described.parse(file)
    const hasAmounts = object.fields.some((field) => field.type === 'currency')
    if (!hasAmounts && !WITHOUT_AMOUNTS.has(object.name)) return file
    const fields = [...object.fields, isoCode, ...(object.name === 'User' ? [own] : [])]
    return { ...object, fields }
  })
  return [...widened, CURRENCY_TYPE, ...(datedRates ? [DATED_RATE] : [])]
}

/** Rows of CurrencyType and DatedConversionRate for a new org. */
export function currencyRows({ currencies = [], datedRates = [] }: Money): [object: string, rows: Rows][] {
  const rows: [string, Rows][] = []
  if (currencies.length) rows.push([CURRENCY_TYPE.name, currencies.map(currencyRow)])
  if (datedRates.length) rows.push([DATED_RATE.name, datedRateRows(datedRates)])
  return rows
}

type Rows = Record<string, Value>[]

const currencyRow = ({ code, rate }: Currency, i: number): Record<string, Value> => ({
  Id: makeId(CURRENCY_TYPE.keyPrefix, i + 1),
  IsoCode: code,
  ConversionRate: rate,
  IsCorporate: rate === 1,
})

function datedRateRows(rates: DatedRate[]): Rows {
  const sorted = rates.toSorted((a, b) => (a.from < b.from ? -1 : 1))
  return sorted.map(({ code, rate, from }, i) => ({
    Id: makeId(DATED_RATE.keyPrefix, i + 1),
    IsoCode: code,
    StartDate: from,
    NextStartDate: sorted.slice(i + 1).find((later) => later.code === code)?.from ?? FOREVER,
    ConversionRate: rate,
  }))
}
