import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { factsOfAccount, type CompanyFacts } from '../../server/brain/matching/facts/company-facts.ts'

type Row = Record<string, string>

/** Rows of a CSV file with a header, one after the other. Throws Error when a column of `needed` is missing. */
export async function* rowsOf(path: string, needed: readonly string[]): AsyncGenerator<Row> {
  const rows = createReadStream(path).pipe(
    parse({
      columns: (header: string[]) => checkedHeader(header, needed),
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
    }),
  )
  for await (const row of rows) yield row as Row
}

function checkedHeader(header: readonly string[], needed: readonly string[]): string[] {
  const columns = header.map((name) => name.trim())
  const missing = needed.filter((name) => !columns.some((column) => column.toLowerCase() === name))
  if (missing.length > 0)
    throw new Error(`The file has no column ${missing.join(', ')}; its columns are ${columns.join(', ')}`)
  return columns
}

const FIELDS: Record<string, string> = {
  name: 'Name',
  company: 'Name',
  address: 'BillingStreet',
  addr: 'BillingStreet',
  street: 'BillingStreet',
  city: 'BillingCity',
  town: 'BillingCity',
  state: 'BillingState',
  postal: 'BillingPostalCode',
  postalcode: 'BillingPostalCode',
  zip: 'BillingPostalCode',
  country: 'BillingCountry',
  phone: 'Phone',
  website: 'Website',
  domain: 'Website',
  duns: 'DunsNumber',
}

/** Facts of a row with any of the columns id, name, address, city, state, postal, phone, website and country. */
export function factsOfRow(row: Row, number: number): CompanyFacts {
  const values = Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) => {
      const field = FIELDS[column.toLowerCase().replaceAll(/[^a-z]/g, '')]
      return field === undefined || value === '' ? [] : [[field, value]]
    }),
  )
  return factsOfAccount(idOf(row, number), values)
}

/** The row's id, or its number from 1. */
const idOf = (row: Row, number: number): string => {
  const column = Object.keys(row).find((name) => name.toLowerCase() === 'id')
  return (column === undefined ? '' : row[column]) || String(number)
}
