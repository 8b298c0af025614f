// An org with several currencies: records with amounts say in which, and rates lead from one to the other.
import { z } from 'zod'
import { makeId } from './ids.ts'
import type { Value } from '../org.ts'

/** Units of the currency for one of the corporate currency, whose rate is 1. */
export interface Currency {
  code: string
  rate: number
}

const described = z.looseObject({ fields: z.array(z.looseObject({ type: z.string() })) })

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

/** The object files with CurrencyIsoCode on every object that has amounts, and CurrencyType beside them. */
export function withCurrencies(files: unknown[], currencies: Currency[]): unknown[] {
  const isoCode = {
    name: 'CurrencyIsoCode',
    type: 'picklist',
    label: 'Currency ISO Code',
    restricted: true,
    nillable: false,
    picklist: currencies.map(({ code, rate }) => ({ value: code, default: rate === 1 })),
  }
  const widened = files.map((file) => {
    const object = described.parse(file)
    const hasAmounts = object.fields.some((field) => field.type === 'currency')
    return hasAmounts ? { ...object, fields: [...object.fields, isoCode] } : file
  })
  return [...widened, CURRENCY_TYPE]
}

/** Rows of CurrencyType for a new org. */
export const currencyRows = (currencies: Currency[]): Record<string, Value>[] =>
  currencies.map(({ code, rate }, i) => ({
    Id: makeId(CURRENCY_TYPE.keyPrefix, i + 1),
    IsoCode: code,
    ConversionRate: rate,
    IsCorporate: rate === 1,
  }))
